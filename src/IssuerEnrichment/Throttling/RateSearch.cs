namespace IssuerEnrichment.Throttling;

/// <summary>Finds the rate that a service accepts, from one refusal to the next. Not thread-safe.</summary>
internal sealed class RateSearch
{
    // A first guess, for the first refusal tells what the service takes at once, and not how fast: most buckets hold what comes in within so many
    // seconds. Of those that hold only a few not even that is known, so the guess is only where to begin.
    private const double GuessedBucket = 0.12;
    private const int Few = RateBounds.Few;
    private const double DoublingOfFew = 0.5;

    // An overshoot costs a wait. So the dearer that is the slower is what risks it: the rise of a guess, with the square of the wait, in 1/seconds;
    // the way to the rate that was found, and the time there, in waits.
    private const double DoublingOfGuess = 50;
    private const double WaitsToHalve = 3;
    private const double WaitsToHold = 12;
    private const double WaitsToHoldUnconfirmed = 2;

    // A rate that the service states, in seconds.
    private const double SecondsToHoldStated = 30;

    // Growth beyond, as a share after one second: of what is only suspected, the faster the less a refusal costs; of what was refused once; and of what was
    // refused twice at the same place.
    private const double FastGrowth = 0.1;
    private const double SlowGrowth = 0.005;
    private const double SlowestGrowth = 0.001;

    // After a refusal it starts between the bounds, the lower the dearer that was.
    private const double LeastCost = 0.25;

    // A wait is taken for no shorter than so many intervals: fewer requests tell nothing.
    private const double LeastIntervals = 10;

    // Bounds so close together say what the rate is.
    private const double Close = 1.1;

    // Two places are the same within this share.
    private const double SamePlace = 0.07;

    // What a refused rate is lowered to where nothing explains the refusal (multiplicative decrease).
    private const double Decrease = 0.8;

    private RateCurve _curve;
    private double _age;
    private double _margin = Spacing.LeastMargin;
    private double _nudged = 1;
    private double _lastHigh;
    private double _hold;

    public double? PerSecond { get; private set; }

    /// <summary>Whether the service takes only a few at once, so that it notices requests that are too close together.</summary>
    public bool IsNarrow { get; private set; }

    /// <summary>Whether it tries more than what was found.</summary>
    public bool IsBeyond => _age > _curve.Hold;

    /// <summary>Whether it rises into what is not known to be accepted.</summary>
    public bool IsTrying => PerSecond is not null && (IsBeyond || double.IsInfinity(_curve.Target) || PerSecond < 0.97 * _curve.Target);

    /// <summary>The service opens after a refusal, before all answers are here that tell what that means.</summary>
    public void Begin()
    {
        if (PerSecond is { } rate)
            Follow(RateCurve.Level(Decrease * rate));
    }

    /// <summary>The refusal was not for the rate.</summary>
    public void Keep(double rate) => Follow(new(rate, rate, Doubling: 1, Hold: 0, FastGrowth));

    /// <summary>A guess has come to where one request follows the other. That is safe, and what goes beyond may be throttled.</summary>
    public void Pause(double rate, TimeSpan price)
    {
        if (double.IsInfinity(_curve.Target))
            Follow(new(rate, rate, Doubling: 1, WaitsToHold * price.TotalSeconds, FastGrowth));
    }

    /// <summary>The service states its rate.</summary>
    public void Believe(double rate, RateBounds bounds)
    {
        IsNarrow = bounds.IsNarrow || (IsNarrow && !bounds.IsExplained);
        double kept = rate * (1 - (IsNarrow ? Spacing.MarginOf(rate) : Spacing.LeastMargin));
        Follow(new(kept, kept, Doubling: 1, SecondsToHoldStated, SlowestGrowth));
    }

    /// <summary>A refusal that is too rare to close the gate for: a little less is sent, within the margin, and nothing beyond is tried.</summary>
    public void Nudge()
    {
        _nudged = Math.Max(1 - Spacing.MostMargin, _nudged - 0.01);
        _age = Math.Min(_age, _curve.Hold);
    }

    /// <summary>All answers are here that tell what a refusal means.</summary>
    public void Settle(RateBounds bounds, in Refusal refusal)
    {
        double wait = refusal.Wait.TotalSeconds;
        IsNarrow = bounds.IsNarrow || (IsNarrow && !bounds.IsExplained);
        if (refusal.Rate is not { } sent)
        {
            double guess = Math.Max(bounds.Floor, Math.Min(bounds.High, refusal.First / (GuessedBucket * Math.Sqrt(wait))));
            Follow(new(guess, double.PositiveInfinity, refusal.First <= Few ? DoublingOfFew : DoublingOfGuess * Math.Pow(refusal.Price.TotalSeconds, 2), double.PositiveInfinity, 0));
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

        // Refused although as much was accepted for long: it came in too early, for times on the way differ.
        if (low > 0.96 * sent && !IsBeyond)
            _margin = Math.Min(Spacing.MostMargin, _margin + Spacing.MarginStep);
        double kept = 1 - (IsNarrow ? Math.Max(_margin, Spacing.MarginOf(high)) : _margin);
        double cost = Math.Clamp(wait, LeastCost, 1);
        Follow(new(
            kept * Between(low, high, cost),
            kept * (isTight || bounds.IsNarrow ? high : Between(low, high, cost)),
            WaitsToHalve * wait,
            _hold,
            !isConfirmed ? FastGrowth * Math.Max(1, LeastCost / wait) : isSame ? SlowestGrowth : SlowGrowth));
    }

    /// <summary>So many seconds more have passed in which it held requests back.</summary>
    public void Grow(double seconds)
    {
        if (PerSecond is not { } rate)
            return;

        // Given up only where it holds nobody back any more: otherwise all who wait would set out at once.
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

    /// <summary>A refusal, and what was known when it came.</summary>
    /// <param name="Rate">The requests a second that were sent; null where nothing limited them.</param>
    /// <param name="First">The requests that were accepted before anything was known.</param>
    /// <param name="Wait">The time for which the gate closed.</param>
    /// <param name="Price">What the next one costs.</param>
    internal readonly record struct Refusal(double? Rate, int First, TimeSpan Wait, TimeSpan Price);
}
