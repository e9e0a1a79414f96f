namespace IssuerEnrichment.Lookups;

/// <summary>What a lookup, or a request for several, has cost so far: attempts, requests and time.</summary>
/// <remarks>
/// A mutable structure, because it is a field of its <see cref="RequestContext"/> and costs no object of its own. A lookup may send several requests side by
/// side, so requests and waits are counted by any thread; attempts and the time on the wire by the lookup alone.
/// </remarks>
internal struct LookupAccount
{
    // Most lookups never wait. It is replaced, not changed, so that an outcome may keep it.
    private LookupWaits? _waits;
    private int _requests;

    /// <summary>How often the service was asked.</summary>
    public int Attempts { get; set; }

    /// <summary>The wait for a first place.</summary>
    public TimeSpan Admission { get; private set; }

    /// <summary>The time on the wire.</summary>
    public TimeSpan OnTheWire { get; private set; }

    /// <summary>All other waits; null where there were none.</summary>
    public readonly LookupWaits? Waits => _waits;

    /// <summary>Requests sent.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Of the waits, those for a place, at the gate and for the rate limit.</summary>
    public readonly TimeSpan Held => Admission + (_waits is { } waits ? waits.Time.Total - waits.Time.Backoff : TimeSpan.Zero);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>The lookup waited so long to begin.</summary>
    public void AddAdmission(TimeSpan time) => Admission += time;

    public void AddOnTheWire(TimeSpan time) => OnTheWire += time;

    public void AddQueued(TimeSpan time) => AddWait(new LookupTime { Queued = time });

    public void AddPaced(TimeSpan time) => AddWait(new LookupTime { Paced = time });

    public void AddBackoff(TimeSpan time) => AddWait(new LookupTime { Backoff = time });

    public void AddGate(TimeSpan time, bool isDown) => AddWait(new LookupTime { Gate = time }, isDown ? time : TimeSpan.Zero);

    /// <summary>Adds what a request on behalf of several waited.</summary>
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
