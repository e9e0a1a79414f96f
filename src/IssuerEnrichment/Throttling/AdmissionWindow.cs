namespace IssuerEnrichment.Throttling;

/// <summary>How many requests a gate lets through at once: one at first, one as a probe, more with each good answer. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="cold">
/// The first requests that go one by one. They are slow to leave the process, for code is compiled and connections are made, and would arrive in a heap.
/// </param>
internal sealed class AdmissionWindow(int cold)
{
    private const int Unlimited = int.MaxValue;

    // A first request is waited for no longer than this.
    private const long LongestCold = TimeSpan.TicksPerSecond / 4;

    // After so many good answers in a row there is nothing left to be careful about.
    private const int EndOfRamp = 256;

    // After an outage so many go after the probe.
    private const int AfterProbe = 8;

    private int _cold = cold;
    private long _coldUntil;
    private int _size = Unlimited;
    private int _sent;

    // Where requests keep their distance, the next one is let through once this one has really left.
    private GatePass? _unsent;

    /// <summary>Tells requests that were let through before the gate closed from later ones.</summary>
    public long Epoch { get; private set; }

    /// <summary>Requests of this epoch that were let through and have not ended.</summary>
    public int InFlight { get; private set; }

    /// <summary>How many may be.</summary>
    public int Limit => _cold > 0 ? 1 : _size;

    /// <summary>Whether it limits nothing.</summary>
    public bool IsOpen => _size == Unlimited && _cold == 0;

    /// <summary>Whether a single request is to show whether the service answers.</summary>
    public bool IsProbing => _size == 1;

    /// <summary>Whether the next request waits for one that has been let through to leave.</summary>
    public bool WaitsForSending => _unsent is not null;

    /// <summary>When it lets another request through, though nothing was answered; null where it takes an answer.</summary>
    public long? ColdUntil(long now) => _cold > 0 && now < _coldUntil ? _coldUntil : null;

    /// <summary>Lets cold requests go on that have not been answered for long.</summary>
    public void Advance(long now)
    {
        if (InFlight > 0 && now >= _coldUntil)
            _cold = 0;
    }

    /// <summary>Lets a request through.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isProbe">Whether it tries a service which was left alone.</param>
    /// <param name="keepsDistance">Whether the next one waits until this one has left.</param>
    public GatePass Admit(long now, bool isProbe, bool keepsDistance)
    {
        _coldUntil = now + LongestCold;
        GatePass pass = new(Epoch, isProbe) { IsCounted = true };
        InFlight++;
        if (keepsDistance)
            _unsent = pass;
        return pass;
    }

    /// <summary>A request leaves. True where others have waited for that.</summary>
    public bool Send(GatePass pass, long now)
    {
        pass.SentAt = now;
        pass.Beside = _sent++;
        if (pass != _unsent)
            return false;
        _unsent = null;
        return true;
    }

    /// <summary>A request has ended. True where it belongs to this epoch.</summary>
    public bool End(GatePass pass)
    {
        bool isCurrent = pass.Epoch == Epoch;
        if (isCurrent && pass.IsCounted)
            InFlight--;
        if (pass.Beside is not null)
            _sent--;
        if (pass == _unsent)
            _unsent = null;
        return isCurrent;
    }

    /// <summary>An answer makes room for one request more, so that the number in flight doubles with each round trip.</summary>
    public void Widen() => _size = _size < EndOfRamp ? _size + 1 : Unlimited;

    /// <summary>The gate closes. A single probe opens it again, or all at once.</summary>
    public void Close(bool needsProbe)
    {
        _cold = 0;
        Recount();
        _size = needsProbe ? 1 : Unlimited;
    }

    /// <summary>A good answer came.</summary>
    /// <param name="isAllClear">Whether that calls for no ramp.</param>
    public void Reopen(bool isAllClear)
    {
        _size = isAllClear ? Unlimited : _size == 1 ? AfterProbe : _size;
        Widen();
        _cold = Math.Max(0, _cold - 1);
    }

    /// <summary>From here on those are counted that are let through; others are under way.</summary>
    public void Recount()
    {
        Epoch++;
        InFlight = 0;
        _unsent = null;
    }
}
