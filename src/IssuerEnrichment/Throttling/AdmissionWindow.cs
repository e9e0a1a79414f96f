namespace IssuerEnrichment.Throttling;

/// <summary>Limits the requests in flight that a gate admits: one at first, one as a probe, more with each good answer. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="cold">
/// The number of first requests that are sent one at a time. They leave late, because code is compiled and connections are opened, and would
/// otherwise arrive together.
/// </param>
internal sealed class AdmissionWindow(int cold)
{
    private const int Unlimited = int.MaxValue;

    // The maximum time that the next request waits for the answer to a first one.
    private const long MaxColdWait = TimeSpan.TicksPerSecond / 4;

    // The ramp ends after this many good answers.
    private const int EndOfRamp = 256;

    // The number of requests in flight after the probe that ends an outage.
    private const int AfterProbe = 8;

    private int _cold = cold;
    private long _coldUntil;
    private int _size = Unlimited;
    private int _sent;

    // If requests keep their distance, the next one is admitted once this one is sent.
    private GatePass? _unsent;

    /// <summary>Identifies requests that were admitted since the gate last closed.</summary>
    public long Epoch { get; private set; }

    /// <summary>The number of requests admitted in this epoch that have not ended.</summary>
    public int InFlight { get; private set; }

    /// <summary>The limit on requests in flight.</summary>
    public int Limit => _cold > 0 ? 1 : _size;

    /// <summary>Whether there is no limit.</summary>
    public bool IsOpen => _size == Unlimited && _cold == 0;

    /// <summary>Whether only a single request is admitted, to find out whether the service answers.</summary>
    public bool IsProbing => _size == 1;

    /// <summary>Whether the next request waits until the previous one is sent.</summary>
    public bool WaitsForSending => _unsent is not null;

    /// <summary>Returns when another request is admitted without an answer; null if that takes an answer.</summary>
    public long? ColdUntil(long now) => _cold > 0 && now < _coldUntil ? _coldUntil : null;

    /// <summary>Ends the wait for first requests that take too long to answer.</summary>
    public void Advance(long now)
    {
        if (InFlight > 0 && now >= _coldUntil)
            _cold = 0;
    }

    /// <summary>Admits a request.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="isProbe">Whether the request probes a service after a pause.</param>
    /// <param name="keepsDistance">Whether the next request waits until this one is sent.</param>
    public GatePass Admit(long now, bool isProbe, bool keepsDistance)
    {
        _coldUntil = now + MaxColdWait;
        GatePass pass = new(Epoch, isProbe) { IsCounted = true };
        InFlight++;
        if (keepsDistance)
            _unsent = pass;
        return pass;
    }

    /// <summary>Notes that a request is sent. Returns true if others have waited for that.</summary>
    public bool Send(GatePass pass, long now)
    {
        pass.SentAt = now;
        pass.OthersInFlight = _sent++;
        if (pass != _unsent)
            return false;
        _unsent = null;
        return true;
    }

    /// <summary>Notes that a request has ended. Returns true if it belongs to this epoch.</summary>
    public bool End(GatePass pass)
    {
        bool isCurrent = pass.Epoch == Epoch;
        if (isCurrent && pass.IsCounted)
            InFlight--;
        if (pass.OthersInFlight is not null)
            _sent--;
        if (pass == _unsent)
            _unsent = null;
        return isCurrent;
    }

    /// <summary>Raises the limit by one after an answer, so that the number in flight doubles with each round trip.</summary>
    public void Widen() => _size = _size < EndOfRamp ? _size + 1 : Unlimited;

    /// <summary>Starts a new epoch, because the gate closes. It opens with a single probe, or for all requests.</summary>
    public void Close(bool needsProbe)
    {
        _cold = 0;
        Recount();
        _size = needsProbe ? 1 : Unlimited;
    }

    /// <summary>Raises the limit after a good answer.</summary>
    /// <param name="isAllClear">Whether to skip the ramp.</param>
    public void Reopen(bool isAllClear)
    {
        _size = isAllClear ? Unlimited : _size == 1 ? AfterProbe : _size;
        Widen();
        _cold = Math.Max(0, _cold - 1);
    }

    /// <summary>Starts a new epoch. Requests admitted before no longer count as in flight.</summary>
    public void Recount()
    {
        Epoch++;
        InFlight = 0;
        _unsent = null;
    }
}
