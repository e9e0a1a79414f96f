namespace IssuerEnrichment;

/// <summary>What became of one input. Every input of a run gets exactly one, duplicates included.</summary>
/// <remarks>Immutable and thread-safe from the moment it is handed out.</remarks>
public sealed class EnrichmentOutcome
{
    private IssuerTypeDecision? _type;
    private TimeSpan _admission;
    private TimeSpan _onTheWire;

    // Most lookups never wait, so the account of waits is made when there is something to write.
    private Waits? _waits;
    private int _requests;
    private int _run;

    // The last of those that wait for this outcome, each of which knows the one before; the outcome itself once it has settled.
    private object? _followers;

    internal EnrichmentOutcome(long position, string? issuerId)
    {
        Position = position;
        IssuerId = issuerId;
    }

    /// <summary>The input's place in the sequence, counted from 0.</summary>
    public long Position { get; }

    /// <summary>The id as it was given.</summary>
    public string? IssuerId { get; }

    /// <summary>How it ended.</summary>
    public EnrichmentStatus Status { get; private set; }

    /// <summary>The issuer's ISINs; null unless the service really answered.</summary>
    public IReadOnlyList<string>? Isins { get; private set; }

    /// <summary>Those of <see cref="Isins"/> that break ISO 6166, such as by a wrong check digit. They are flagged, never dropped.</summary>
    public IReadOnlyList<string> MalformedIsins { get; private set; } = [];

    /// <summary>The issuer's type; null unless enriched.</summary>
    public IssuerType? Type => _type?.Type;

    /// <summary>Which rule gave the type; null unless enriched.</summary>
    public string? TypeRule => _type?.Rule;

    /// <summary>Why the input was not enriched; null when it was.</summary>
    public EnrichmentError? Error { get; private set; }

    /// <summary>
    /// How often the service was asked for this id, be it by the earlier run that a journal tells of; 0 when it never was. Requests that take a failed
    /// batch apart belong to its attempt.
    /// </summary>
    public int Attempts { get; internal set; }

    /// <summary>
    /// Requests counted for this input: more than attempts where a lookup takes several, fewer where another input's was shared. A request for many
    /// is counted for the first of them only.
    /// </summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Whether this outcome is that of an earlier input with the same id.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Where the answer came from.</summary>
    public EnrichmentSource Source { get; private set; }

    /// <summary>Where the answer came from as its client tells it, and whether it is known to be complete; null where there is none, or the client does not say.</summary>
    public AnswerProvenance? Provenance { get; private set; }

    /// <summary>Where this input's time went.</summary>
    public LookupTime Time => (_waits?.Time ?? default) + new LookupTime { Queued = _admission, OnTheWire = _onTheWire };

    /// <summary>The id, the status, and what came of it, for people.</summary>
    public override string ToString() =>
        Isins is { } isins ? $"{IssuerId}: {Status}, {isins.Count} ISINs, {Type}" : $"{IssuerId}: {Status}, {Error?.Message}";

    /// <summary>Of <see cref="Time"/>, what was spent waiting for a place, at the gate or for the rate limit.</summary>
    internal TimeSpan Held => _admission + (_waits is null ? default : _waits.Time.Total - _waits.Time.Backoff);

    /// <summary>Of the time at the gate, what was spent while the service was down, rather than asking for a slower pace.</summary>
    internal TimeSpan Down => _waits?.Down ?? default;

    internal TimeSpan OnTheWire => _onTheWire;

    /// <summary>Whether the service was asked for this very input, in this run.</summary>
    internal bool WasAsked => Attempts > 0 && !IsShared && Source != EnrichmentSource.Journal;

    internal string? UnknownSector => _type?.UnknownSector;

    /// <summary>Whether it is final, and nobody can follow any more.</summary>
    internal bool IsSettled => Volatile.Read(ref _followers) == this;

    /// <summary>Whether its lookup has settled or has given its place up.</summary>
    internal bool HasNoPlace => IsSettled || Volatile.Read(ref _run) == Run.Parked;

    /// <summary>Its lookup is run; true for whoever comes first, each time that the lookup is handed to a strategy.</summary>
    /// <param name="isFirst">Whether only the first time counts.</param>
    internal bool TryBegin(bool isFirst = false) => isFirst
        ? Interlocked.CompareExchange(ref _run, Run.Begun, Run.NotBegun) == Run.NotBegun
        : Interlocked.Exchange(ref _run, Run.Begun) != Run.Begun;

    /// <summary>Its lookup has given its place up, and may be run once more.</summary>
    internal void AllowAnotherRun() => Volatile.Write(ref _run, Run.Parked);

    /// <summary>Lets another lookup of the same id wait for it; false where it has settled.</summary>
    internal bool TryAddFollower(IssuerLookup follower)
    {
        object? last;
        do
        {
            last = Volatile.Read(ref _followers);
            if (last == this)
                return false;
            follower.NextFollower = (IssuerLookup?)last;
        }
        while (Interlocked.CompareExchange(ref _followers, follower, last) != last);
        return true;
    }

    /// <summary>Makes it final, and gives back the last of those that wait for it.</summary>
    internal IssuerLookup? Settle() => (IssuerLookup?)Interlocked.Exchange(ref _followers, this);

    /// <summary>How long its lookup waited to begin.</summary>
    internal void AddAdmission(TimeSpan time) => _admission += time;

    internal void AddOnTheWire(TimeSpan time) => _onTheWire += time;

    // A lookup may send several requests side by side; each of them counts itself and writes what it waited.
    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void AddQueued(TimeSpan time) => AddWait(new LookupTime { Queued = time });

    internal void AddPaced(TimeSpan time) => AddWait(new LookupTime { Paced = time });

    internal void AddBackoff(TimeSpan time) => AddWait(new LookupTime { Backoff = time });

    internal void AddGate(TimeSpan time, bool isDown) => AddWait(new LookupTime { Gate = time }, isDown ? time : TimeSpan.Zero);

    /// <summary>Takes over what a request on behalf of several waited.</summary>
    internal void AddWaitsOf(EnrichmentOutcome request)
    {
        if (request._waits is { } waits)
            AddWait(waits.Time, waits.Down);
    }

    internal void Enrich(IReadOnlyList<string> isins, IssuerTypeDecision type, AnswerProvenance? provenance)
    {
        Provenance = provenance;
        Status = EnrichmentStatus.Enriched;
        Source = EnrichmentSource.Service;
        Isins = isins;
        MalformedIsins = FindMalformed(isins);
        _type = type;
    }

    internal void End(EnrichmentStatus status, EnrichmentError error, AnswerProvenance? provenance = null)
    {
        Provenance = provenance;
        Status = status;
        Error = error;
        Isins = null;
        MalformedIsins = [];
        _type = null;
        Source = status == EnrichmentStatus.NotFound ? EnrichmentSource.Service : EnrichmentSource.None;
    }

    /// <summary>Notes that the verdict is that of an earlier run.</summary>
    internal void MarkRecalled(int attempts)
    {
        Attempts = attempts;
        Source = EnrichmentSource.Journal;
    }

    /// <summary>Notes that the answer is from the cache.</summary>
    internal void MarkCached() => Source = EnrichmentSource.Cache;

    /// <summary>The same verdict for another input with the same id.</summary>
    internal EnrichmentOutcome ShareWith(EnrichmentOutcome follower, TimeSpan waited) => new(follower.Position, follower.IssuerId)
    {
        IsShared = true,
        Status = Status,
        Isins = Isins,
        MalformedIsins = MalformedIsins,
        _type = _type,
        Error = Error,
        Attempts = Attempts,
        Source = Source,
        Provenance = Provenance,
        _admission = waited,
    };

    private void AddWait(LookupTime wait, TimeSpan down = default)
    {
        Waits waits = _waits ?? Interlocked.CompareExchange(ref _waits, new Waits(), null) ?? _waits;
        lock (waits)
        {
            waits.Time += wait;
            waits.Down += down;
        }
    }

    private static string[] FindMalformed(IReadOnlyList<string> isins)
    {
        for (int i = 0; i < isins.Count; i++)
        {
            if (!Isin.IsValid(isins[i]))
                return [.. isins.Where(isin => !Isin.IsValid(isin))];
        }

        return [];
    }

    private static class Run
    {
        public const int NotBegun = 0;
        public const int Begun = 1;
        public const int Parked = 2;
    }

    private sealed class Waits
    {
        public LookupTime Time { get; set; }

        public TimeSpan Down { get; set; }
    }
}
