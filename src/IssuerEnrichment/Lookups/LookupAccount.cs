namespace IssuerEnrichment.Lookups;

/// <summary>What a lookup, or a request for several, has cost so far: attempts, requests and time.</summary>
/// <remarks>
/// A mutable structure, because it is a field of its <see cref="RequestContext"/> and costs no object of its own. A lookup may send several requests side by
/// side, so requests and waits are counted by any thread; attempts and the time on the wire by the lookup alone.
/// </remarks>
internal struct LookupAccount
{
    private TimeSpan _admission;

    // Most lookups never wait, so the account of waits is made when there is something to write.
    private Waits? _waits;
    private int _requests;

    /// <summary>How often the service was asked.</summary>
    public int Attempts { get; set; }

    /// <summary>The time on the wire.</summary>
    public TimeSpan OnTheWire { get; private set; }

    /// <summary>Requests sent.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Where the time went.</summary>
    public readonly LookupTime Time => (_waits?.Time ?? default) + new LookupTime { Queued = _admission, OnTheWire = OnTheWire };

    /// <summary>Of it, what was spent waiting for a place, at the gate or for the rate limit.</summary>
    public readonly TimeSpan Held => _admission + (_waits is null ? default : _waits.Time.Total - _waits.Time.Backoff);

    /// <summary>Of the time at the gate, what was spent while the service was down, rather than asking for a slower pace.</summary>
    public readonly TimeSpan Down => _waits?.Down ?? default;

    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>The lookup waited so long to begin.</summary>
    public void AddAdmission(TimeSpan time) => _admission += time;

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
        Waits waits = _waits ?? Interlocked.CompareExchange(ref _waits, new Waits(), null) ?? _waits;
        lock (waits)
        {
            waits.Time += wait;
            waits.Down += down;
        }
    }

    private sealed class Waits
    {
        public LookupTime Time { get; set; }

        public TimeSpan Down { get; set; }
    }
}
