namespace IssuerEnrichment;

/// <summary>What became of one input. Every input of a run gets exactly one, duplicates included.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class EnrichmentOutcome
{
    internal EnrichmentOutcome(long position, string? issuerId, EnrichmentStatus status)
    {
        Position = position;
        IssuerId = issuerId;
        Status = status;
    }

    /// <summary>The input's place in the sequence, counted from 0.</summary>
    public long Position { get; }

    /// <summary>The id as it was given.</summary>
    public string? IssuerId { get; }

    /// <summary>How it ended.</summary>
    public EnrichmentStatus Status { get; }

    /// <summary>The issuer's ISINs; null unless the service really answered.</summary>
    public IReadOnlyList<string>? Isins { get; internal init; }

    /// <summary>Those of <see cref="Isins"/> that break ISO 6166, such as by a wrong check digit. They are flagged, never dropped. Each call checks them anew.</summary>
    public IReadOnlyList<string> MalformedIsins => Isins is { } isins ? [.. isins.Where(isin => !Isin.IsValid(isin))] : [];

    /// <summary>The issuer's type; null unless enriched.</summary>
    public IssuerType? Type => TypeDecision?.Type;

    /// <summary>Which rule gave the type; null unless enriched.</summary>
    public string? TypeRule => TypeDecision?.Rule;

    /// <summary>Why the input was not enriched; null when it was.</summary>
    public EnrichmentError? Error { get; internal init; }

    /// <summary>
    /// How often the service was asked for this id, be it by the earlier run that a journal tells of; 0 when it never was. Requests that take a failed
    /// batch apart belong to its attempt.
    /// </summary>
    public int Attempts { get; internal init; }

    /// <summary>
    /// Requests counted for this input: more than attempts where a lookup takes several, fewer where another input's was shared. A request for many
    /// is counted for the first of them only.
    /// </summary>
    public int Requests { get; internal init; }

    /// <summary>Whether this outcome is that of an earlier input with the same id.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Where the answer came from.</summary>
    public EnrichmentSource Source { get; internal init; }

    /// <summary>Where the answer came from as its client tells it, and whether it is known to be complete; null where there is none, or the client does not say.</summary>
    public AnswerProvenance? Provenance { get; internal init; }

    /// <summary>Where this input's time went.</summary>
    public LookupTime Time => (Waits?.Time ?? default) + new LookupTime { Queued = Admission, OnTheWire = OnTheWire };

    /// <summary>Of <see cref="Time"/>, the wait for a first place.</summary>
    internal TimeSpan Admission { get; init; }

    /// <summary>Of <see cref="Time"/>, that on the wire.</summary>
    internal TimeSpan OnTheWire { get; init; }

    /// <summary>Of <see cref="Time"/>, all other waits; null where there were none, as in most lookups.</summary>
    internal LookupWaits? Waits { get; init; }

    /// <summary>The type, and why; null unless enriched.</summary>
    internal IssuerTypeDecision? TypeDecision { get; init; }

    /// <summary>Whether the service was asked for this very input, in this run.</summary>
    internal bool WasAsked => Attempts > 0 && !IsShared && Source != EnrichmentSource.Journal;

    /// <summary>The id, the status, and what came of it, for people.</summary>
    public override string ToString() =>
        Isins is { } isins ? $"{IssuerId}: {Status}, {isins.Count} ISINs, {Type}" : $"{IssuerId}: {Status}, {Error?.Message}";

    /// <summary>The same verdict for another input with the same id.</summary>
    internal EnrichmentOutcome ShareWith(long position, string issuerId, TimeSpan waited) => new(position, issuerId, Status)
    {
        IsShared = true,
        Isins = Isins,
        TypeDecision = TypeDecision,
        Error = Error,
        Attempts = Attempts,
        Source = Source,
        Provenance = Provenance,
        Admission = waited,
    };
}
