namespace IssuerEnrichment.Gate;

internal sealed class RateLimiterModel(double? told)
{
    private const int SampleSize = 64;
    // Of a request that nobody counted only the time of its answer is known; while code is compiled and connections are made, answers wait to be read.
    private const long Blur = 100 * TimeSpan.TicksPerMillisecond;
    private const int OverloadsOfSixteen = 8;

    private readonly LimiterEvidence _evidence = new();
    private readonly Queue<long> _overloads = new();
    private long _good;
    private long _counted;
    private long? _refusedAt;
    private bool _isTimed;
    private bool _hasBegun;
    private bool _isFirst = true;
    private double? _refusedRate;
    private int? _leastBeside;
    private TimeSpan _wait;

    public InFlightCap Cap { get; } = new();

    /// <summary>Whether it is known how many requests the service takes.</summary>
    public bool IsKnown => told is not null || !IsFree;

    public bool IsFree => Rate.IsFree && Cap.IsFree;

    /// <summary>How many may be in flight: until all answers are here that tell what a refusal means, no more than were beside it.</summary>
    public int MostInFlight => _hasBegun && _leastBeside is { } beside ? Math.Max(1, Math.Min(beside, Cap.Limit)) : Cap.Limit;

    public SendRate Rate { get; } = new(told);

    public long Good => Interlocked.Read(ref _good);

    public bool CountGood() => Interlocked.Increment(ref _good) % SampleSize == 1;

    public void Accept(GatePass pass, bool isCurrent, long now)
    {
        int count = (int)(Good - _counted);
        _counted += count;
        if (pass.SentAt is { } sentAt && !_isTimed)
        {
            _evidence.ShiftAccepted(now - sentAt);
            _isTimed = true;
        }

        if (count > 0)
            _evidence.Accept(pass.SentAt ?? now, count, IsBlurred(pass) ? Blur : LimiterEvidence.Jitter);
        if (isCurrent)
        {
            Cap.Accept(pass);
            Rate.Grow(now);
            Cap.Grow(now);
        }
    }

    public void Refuse(GatePass pass, TimeSpan wait, long now)
    {
        if (_refusedAt is null)
        {
            _refusedAt = now;
            _refusedRate = Rate.PerSecond;
            _leastBeside = null;
            _wait = wait;
        }

        if (pass.Beside is { } beside)
            _leastBeside = Math.Min(_leastBeside ?? beside, beside);
        _evidence.Refuse(pass.SentAt ?? now, IsBlurred(pass) ? Blur : LimiterEvidence.Jitter);
    }

    // Before anything is known the times of what is sent are as doubtful: code is compiled, connections are made.
    private bool IsBlurred(GatePass pass) => pass.SentAt is null || _isFirst;

    public bool IsOverload(bool isRow)
    {
        long good = Good;
        _overloads.Enqueue(good);
        if (_overloads.Count > OverloadsOfSixteen)
            _overloads.Dequeue();
        return isRow || Rate.Phase is RatePhase.Seeking or RatePhase.Probing
            || (_overloads.Count == OverloadsOfSixteen && good - _overloads.Peek() <= 16 - OverloadsOfSixteen);
    }

    /// <summary>It opens again; not all answers are here that tell what the refusal means.</summary>
    public GateChange? Begin(long now)
    {
        if (_refusedAt is null || _hasBegun)
            return null;
        if (told is not null)
            return Settle(now);
        _hasBegun = true;
        Rate.Begin(now);
        return null;
    }

    public GateChange? Settle(long now)
    {
        if (_refusedAt is null)
            return null;
        _hasBegun = false;
        _refusedAt = null;
        RateBounds bounds = _evidence.Fit();
        TimeSpan wait = _wait;
        int first = _isFirst ? _evidence.CountAccepted(long.MinValue, now) : 0;
        if (told is null && Cap.Refuse(_leastBeside, now))
        {
            _isFirst = false;
            if (_refusedRate is { } sent)
                Rate.Keep(sent, now);
            return new GateChange($"cap {Cap.Limit}, rate {Rate.PerSecond:0.0} of {bounds.Low:0.0}..{bounds.High:0.0}");
        }

        _isFirst = false;
        Rate.Settle(bounds, _refusedRate, first, wait, now);
        return new GateChange($"rate {Rate.PerSecond:0.0} of {bounds.Low:0.0}..{bounds.High:0.0}, first {first} cap {Cap.Limit}");
    }
}
