namespace IssuerEnrichment.Gate;

internal sealed class RateLimiterModel(double? told)
{
    private const int SampleSize = 64;
    // An answer is read so much later than another one, in ticks.
    private const long Blur = 3 * TimeSpan.TicksPerMillisecond;
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
    private int _refusals;

    public InFlightCap Cap { get; } = new();

    /// <summary>Whether it is known how many requests the service takes.</summary>
    public bool IsKnown => told is not null || !IsFree;

    public bool IsFree => Rate.IsFree && Cap.IsFree;

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
            _evidence.Accept(pass.SentAt ?? now, count);
        if (isCurrent)
        {
            Cap.Accept(pass);
            Rate.Grow(now);
            Cap.Grow(now);
        }
    }

    public void Refuse(GatePass pass, long now)
    {
        if (_refusedAt is null)
        {
            _refusedAt = now;
            _refusedRate = Rate.PerSecond;
            _leastBeside = null;
            _refusals = 0;
        }

        _refusals++;
        if (pass.Beside is { } beside)
            _leastBeside = Math.Min(_leastBeside ?? beside, beside);
        _evidence.Refuse(pass.SentAt ?? now + Blur);
    }

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
        if (_refusedAt is not { } at)
            return null;
        _hasBegun = false;
        _refusedAt = null;
        RateBounds bounds = _evidence.Fit();
        TimeSpan wait = TimeSpan.FromTicks(now - at);
        double guess = _isFirst ? _evidence.CountAccepted(long.MinValue, now) / Math.Max(1, wait.TotalSeconds) : 0;
        if (told is null && Cap.Refuse(_leastBeside, _refusals == 1, bounds, now))
        {
            _isFirst = false;
            if (_refusedRate is { } sent)
                Rate.Keep(sent, now);
            return new GateChange($"cap {Cap.Limit}, rate {Rate.PerSecond:0.0} of {bounds.Low:0.0}..{bounds.High:0.0}");
        }

        _isFirst = false;
        Rate.Settle(bounds, _refusedRate, guess, wait, now);
        return new GateChange($"rate {Rate.PerSecond:0.0} of {bounds.Low:0.0}..{bounds.High:0.0}, guess {guess:0.0} cap {Cap.Limit}");
    }
}
