namespace IssuerEnrichment.Throttling;

/// <summary>Learns the rate that a service accepts, from one throttled request to the next. Not thread-safe.</summary>
internal sealed class RateSearch
{
    // For the first guess. The first throttled request tells how many requests the service accepts at once, not the rate; most buckets hold what
    // flows in within this many seconds. For buckets that hold only a few requests not even this is known, so the guess is only a starting point.
    private const double GuessedBucket = 0.12;
    private const int Few = RateBounds.Few;
    private const double DoublingOfFew = 0.5;

    // Exceeding the rate costs a wait. The longer the wait, the slower the rate rises: the doubling time of a guess, with the square of the wait, in
    // 1/seconds; the time to approach a rate that was found, and the time to stay there, in waits.
    private const double DoublingOfGuess = 50;
    private const double WaitsToHalve = 3;
    private const double WaitsToHold = 12;
    private const double WaitsToHoldUnconfirmed = 2;

    // The time to stay at a rate that the service states, in seconds.
    private const double SecondsToHoldStated = 30;

    // The relative growth in the first second beyond the rate: of a rate that is uncertain, faster the less a throttled request costs; of one that
    // was throttled once; and of one that was throttled twice at about the same rate.
    private const double FastGrowth = 0.1;
    private const double SlowGrowth = 0.005;
    private const double SlowestGrowth = 0.001;

    // After a throttled request, the rate starts between the bounds, the lower the more the request cost.
    private const double LeastCost = 0.25;

    // A wait counts as at least this many intervals, because fewer requests prove nothing.
    private const double LeastIntervals = 10;

    // Bounds within this factor determine the rate.
    private const double Close = 1.1;

    // Two rates are considered the same within this share.
    private const double SamePlace = 0.07;

    // The factor for a throttled rate if no limiter explains it (multiplicative decrease).
    private const double Decrease = 0.8;

    private RateCurve _curve;
    private double _age;
    private double _margin = Spacing.MinMargin;
    private double _nudged = 1;
    private double _lastHigh;
    private double _hold;

    public double? PerSecond { get; private set; }

    /// <summary>Whether the service accepts only a few requests at once, so that it throttles requests that are too close together.</summary>
    public bool IsNarrow { get; private set; }

    /// <summary>Whether the rate exceeds the rate that was found.</summary>
    public bool IsBeyond => _age > _curve.Hold;

    /// <summary>Whether the rate is rising beyond what is known to be accepted.</summary>
    public bool IsTrying => PerSecond is not null && (IsBeyond || double.IsInfinity(_curve.Target) || PerSecond < 0.97 * _curve.Target);

    /// <summary>Starts again after a throttled request, before all answers have arrived that explain it.</summary>
    public void Begin()
    {
        if (PerSecond is { } rate)
            Follow(RateCurve.Level(Decrease * rate));
    }

    /// <summary>Keeps the rate: the request was not throttled because of the rate.</summary>
    public void Keep(double rate) => Follow(new(rate, rate, Doubling: 1, Hold: 0, FastGrowth));

    /// <summary>
    /// Pauses the rise of a guess where one request follows the answer to the previous one. That is safe; anything faster may be throttled.
    /// </summary>
    public void Pause(double rate, TimeSpan price)
    {
        if (double.IsInfinity(_curve.Target))
            Follow(new(rate, rate, Doubling: 1, WaitsToHold * price.TotalSeconds, FastGrowth));
    }

    /// <summary>Uses the rate that the service states.</summary>
    public void Believe(double rate, RateBounds bounds)
    {
        IsNarrow = bounds.IsNarrow || (IsNarrow && !bounds.IsExplained);
        double kept = rate * (1 - (IsNarrow ? Spacing.MarginOf(rate) : Spacing.MinMargin));
        Follow(new(kept, kept, Doubling: 1, SecondsToHoldStated, SlowestGrowth));
    }

    /// <summary>Lowers the rate slightly, within the margin, after a throttled request that is too rare to close the gate for.</summary>
    public void Nudge()
    {
        _nudged = Math.Max(1 - Spacing.MaxMargin, _nudged - 0.01);
        _age = Math.Min(_age, _curve.Hold);
    }

    /// <summary>Determines the rate, once all answers have arrived that explain a throttled request.</summary>
    public void Settle(RateBounds bounds, in ThrottledRequest throttled)
    {
        double wait = throttled.Wait.TotalSeconds;
        IsNarrow = bounds.IsNarrow || (IsNarrow && !bounds.IsExplained);
        if (throttled.Rate is not { } sent)
        {
            double guess = Math.Max(bounds.Floor, Math.Min(bounds.High, throttled.First / (GuessedBucket * Math.Sqrt(wait))));
            Follow(new(guess, double.PositiveInfinity, throttled.First <= Few ? DoublingOfFew : DoublingOfGuess * Math.Pow(throttled.Price.TotalSeconds, 2), double.PositiveInfinity, 0));
            return;
        }

        (double low, double high) = Bound(bounds, sent);
        bool isTight = high < 2 * low || bounds.IsWindow;
        bool isSame = Math.Abs((high / _lastHigh) - 1) < SamePlace;
        bool isConfirmed = isTight && (isSame || high < Close * low);
        _lastHigh = high;
        _hold = Math.Max(wait, LeastIntervals / high) * (!isConfirmed ? WaitsToHoldUnconfirmed : WaitsToHold);
        if (isConfirmed && isSame)
            _hold = Math.Max(_hold, 3 * _curve.Hold);

        // Throttled although as much was accepted for long: the request arrived too early, because network delays vary.
        if (low > 0.96 * sent && !IsBeyond)
            _margin = Math.Min(Spacing.MaxMargin, _margin + Spacing.MarginStep);
        double kept = 1 - (IsNarrow ? Math.Max(_margin, Spacing.MarginOf(high)) : _margin);
        double cost = Math.Clamp(wait, LeastCost, 1);
        Follow(new(
            kept * Between(low, high, cost),
            kept * (isTight || bounds.IsNarrow ? high : Between(low, high, cost)),
            WaitsToHalve * wait,
            _hold,
            !isConfirmed ? FastGrowth * Math.Max(1, LeastCost / wait) : isSame ? SlowestGrowth : SlowGrowth));
    }

    /// <summary>Lets the rate rise after it has limited requests for a number of seconds.</summary>
    public void Grow(double seconds)
    {
        if (PerSecond is not { } rate)
            return;

        // Removed only when it limits no request any more. Otherwise all waiting requests would start at once.
        _age += seconds;
        PerSecond = seconds == 0 && _curve.IsFarBehind(rate) ? null : _nudged * _curve.At(_age);
    }

    private static (double Low, double High) Bound(RateBounds bounds, double sent)
    {
        (double low, double high) = bounds.IsNarrow ? (bounds.Low, bounds.High) : bounds.Likely;
        if (!bounds.IsExplained || low > 1.05 * Math.Min(high, sent))
            (low, high) = (Decrease * sent, sent);
        low = Math.Max(low, bounds.Floor);
        return (Math.Min(low, sent), Math.Clamp(high, Math.Min(low, sent), sent));
    }

    private static double Between(double low, double high, double cost) => Math.Pow(low, cost) * Math.Pow(high, 1 - cost);

    private void Follow(RateCurve curve)
    {
        _curve = curve;
        _age = 0;
        _nudged = 1;
        PerSecond = curve.At(0);
    }

    /// <summary>A throttled request, and what was known when it was throttled.</summary>
    /// <param name="Rate">The rate in requests a second; null if it was not limited.</param>
    /// <param name="First">The number of requests that were accepted before anything was known.</param>
    /// <param name="Wait">How long the gate closed.</param>
    /// <param name="Price">The cost of the next one.</param>
    internal readonly record struct ThrottledRequest(double? Rate, int First, TimeSpan Wait, TimeSpan Price);
}
