namespace IssuerEnrichment.Lookups;

/// <summary>The attempts, requests and time that a lookup, or a batch request, has taken so far.</summary>
/// <remarks>
/// A mutable struct, because it is a field of its <see cref="RequestContext"/> and needs no object of its own. A lookup may send several requests
/// concurrently, so any thread may count requests and waits. Only the lookup itself counts attempts and the time on the wire.
/// </remarks>
internal struct LookupAccount
{
    // Null for most lookups, which never wait. Replaced rather than modified, so that an outcome can keep it.
    private LookupWaits? _waits;
    private int _requests;

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; set; }

    /// <summary>The wait for a first slot.</summary>
    public TimeSpan Admission { get; private set; }

    /// <summary>The time on the wire.</summary>
    public TimeSpan OnTheWire { get; private set; }

    /// <summary>All other waits; null if there were none.</summary>
    public readonly LookupWaits? Waits => _waits;

    /// <summary>The number of requests sent.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The waits for a slot, at the gate and for the rate limit.</summary>
    public readonly TimeSpan Held => Admission + (_waits is { } waits ? waits.Time.Total - waits.Time.Backoff : TimeSpan.Zero);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Adds to the wait for a first slot.</summary>
    public void AddAdmission(TimeSpan time) => Admission += time;

    public void AddOnTheWire(TimeSpan time) => OnTheWire += time;

    public void AddQueued(TimeSpan time) => AddWait(new LookupTime { Queued = time });

    public void AddPaced(TimeSpan time) => AddWait(new LookupTime { Paced = time });

    public void AddBackoff(TimeSpan time) => AddWait(new LookupTime { Backoff = time });

    public void AddGate(TimeSpan time, bool isDown) => AddWait(new LookupTime { Gate = time }, isDown ? time : TimeSpan.Zero);

    /// <summary>Adds the waits of a batch request.</summary>
    public void AddWaitsOf(in LookupAccount request)
    {
        if (request._waits is { } waits)
            AddWait(waits.Time, waits.Down);
    }

    private void AddWait(LookupTime wait, TimeSpan down = default)
    {
        LookupWaits? before;
        do
            before = Volatile.Read(ref _waits);
        while (Interlocked.CompareExchange(ref _waits, new((before?.Time ?? default) + wait, (before?.Down ?? default) + down), before) != before);
    }
}
