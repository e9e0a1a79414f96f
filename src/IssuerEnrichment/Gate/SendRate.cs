namespace IssuerEnrichment.Gate;

internal enum RatePhase { Free, Seeking, Holding, Probing }

internal sealed class SendRate(double? told)
{
    private const double Lowest = 0.2;
    private const double WaitsToHalve = 3;
    private const double GuessedBucket = 0.13;
    private const double LeastMargin = 0.02;
    private const double JitterMargin = 0.002;
    private const double MarginStep = 0.02;
    private const double MostMargin = 0.12;
    private const double HoldForWaits = 40;
    private const double LeastHold = 5;
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;
    private const long LongestStart = 250 * TimeSpan.TicksPerMillisecond;
    private const long Strict = 8 * TimeSpan.TicksPerMillisecond;

    private double _target = double.PositiveInfinity;
    private double _start;
    private double _known = double.PositiveInfinity;
    private double _margin = LeastMargin;
    private double _hold;
    private double _doubling;
    private double _halving;
    private double _lastHigh;
    private double _age;
    private double _growth = 0.001;
    private long _grownAt;
    private bool _isHeld;
    private long _lastSlot;
    private long _firstSlot;
    private long? _coldUntil;

    public double? PerSecond { get; private set; }

    public bool IsFree => PerSecond is null;

    public RatePhase Phase => IsFree ? RatePhase.Free
        : _age > _hold ? RatePhase.Probing
        : PerSecond < 0.97 * _target ? RatePhase.Seeking
        : RatePhase.Holding;

    public long NextSlot => PerSecond is { } rate ? Math.Max(_firstSlot, _lastSlot + Interval(rate)) : _firstSlot;

    public void HoldBack() => _isHeld = true;

    public void Take(long now)
    {
        long interval = PerSecond is { } rate ? Interval(rate) : 0;
        _lastSlot = interval > Strict ? now : Math.Max(NextSlot, now - CatchUp);
    }

    /// <summary>It was refused at the current rate.</summary>
    public void Settle(RateBounds bounds, double? refusedAt, int first, TimeSpan wait, long now)
    {
        if (told is { } known)
        {
            double most = known * JitterMargin;
            _margin = PerSecond is null || _coldUntil is not null ? Math.Clamp(most, 0.05, MostMargin) : Math.Min(MostMargin, _margin + 0.03);
            _target = _start = known * (1 - _margin);
            _coldUntil = null;
            PerSecond = _target;
            _hold = double.PositiveInfinity;
            _lastSlot = now;
            return;
        }

        double high = Math.Min(bounds.High, refusedAt ?? double.PositiveInfinity);
        double likely = bounds.Burst <= 3 ? bounds.Low : bounds.Likely.Low;
        if (bounds.IsWindow)
            high = Math.Min(high, bounds.Likely.High);
        double low = likely <= high * 1.05 ? Math.Min(likely, high) : Math.Max(Math.Min(bounds.Floor, high), 0.7 * high);
        bool isTight = high < 2 * low || bounds.IsWindow;
        bool isSure = isTight && (bounds.IsWindow || !(high < 0.7 * refusedAt));
        if (low > 0.96 * refusedAt && Phase != RatePhase.Probing)
            _margin = Math.Min(MostMargin, _margin + MarginStep);
        double margin = bounds.Burst <= 2 ? Math.Clamp(high * JitterMargin, _margin, MostMargin) : _margin;
        bool isSame = Math.Abs((high / _lastHigh) - 1) < 0.05;
        _hold = !isSure ? 0.5 : isSame ? 2 * Math.Max(_hold, LeastHold) : Math.Max(LeastHold, HoldForWaits * wait.TotalSeconds);
        _halving = WaitsToHalve * wait.TotalSeconds;
        _lastHigh = high;
        _growth = isSure ? 0.001 : 0.1;
        double cost = Math.Min(1, wait.TotalSeconds);
        _start = Math.Pow(low, cost) * Math.Pow(high, 1 - cost) * (1 - margin);
        _target = (isTight || bounds.Burst <= 3 ? high : Math.Sqrt(low * high)) * (1 - margin);
        if (refusedAt is null)
        {
            _start = Math.Max(bounds.Floor, first / (GuessedBucket * Math.Sqrt(wait.TotalSeconds)));
            _target = double.PositiveInfinity;
            _doubling = first <= 3 ? 0.5 : 50 * wait.TotalSeconds * wait.TotalSeconds;
        }

        _start = Math.Max(Lowest, Math.Min(_target, _start));
        _target = Math.Max(Lowest, _target);
        PerSecond = _start;
        _age = 0;
        _grownAt = _lastSlot = now;
    }

    /// <summary>The first requests of a process are slow to leave it: the next one goes an interval after the first answer.</summary>
    public void BeginTold(long now)
    {
        if (told is not { } known || PerSecond is not null)
            return;
        _firstSlot = now + Math.Min(Interval(known), LongestStart);
        _coldUntil = now + TimeSpan.TicksPerSecond;
        _lastSlot = now;
        PerSecond = Interval(known) > Strict ? known * (1 - MostMargin) : null;
    }

    /// <summary>A sparse overload.</summary>
    public void Nudge(long now)
    {
        if (told is null && PerSecond is null)
            return;
        _margin = Math.Min(MostMargin, _margin + 0.01);
        if (told is { } known)
        {
            _target = _start = known * (1 - _margin);
            _hold = double.PositiveInfinity;
            _lastSlot = PerSecond is null ? now : _lastSlot;
            PerSecond = _target;
            return;
        }

        _target = _start = Math.Min(PerSecond!.Value, _target) * 0.99;
        _age = 0;
    }

    /// <summary>Opens after a refusal, before it is known what that means.</summary>
    public void Begin(long now)
    {
        PerSecond *= 0.75;
        _age = 0;
        _start = _target = PerSecond ?? 1;
        _hold = double.PositiveInfinity;
        _grownAt = _lastSlot = now;
    }

    /// <summary>It was not the rate that was too high.</summary>
    public void Keep(double rate, long now)
    {
        _start = _target = _known = rate;
        _hold = LeastHold;
        PerSecond = rate;
        _age = 0;
        _grownAt = _lastSlot = now;
    }

    public void Grow(long now)
    {
        if (PerSecond is null)
            return;
        if (_coldUntil is { } until)
        {
            if (now >= until)
                (_coldUntil, PerSecond) = (null, null);
            return;
        }

        if (_isHeld)
            _age += Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds);
        _isHeld = false;
        _grownAt = now;
        double beyond = Math.Max(0, _age - _hold);
        double rate = double.IsInfinity(_target)
            ? _start * Math.Pow(2, _age / _doubling)
            : _target - ((_target - _start) * Math.Pow(2, -_age / _halving));
        rate *= 1 + (_growth * beyond * beyond * beyond);
        PerSecond = rate > 4 * Math.Min(_target, _known) ? null : rate;
    }

    private static long Interval(double rate) => (long)Math.Min(TimeSpan.TicksPerSecond / rate, TimeSpan.TicksPerDay);
}
