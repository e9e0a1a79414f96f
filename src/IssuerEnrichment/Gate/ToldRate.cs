namespace IssuerEnrichment.Gate;

/// <summary>
/// A rate that the user told: a fact about the long run. A refusal then means that requests arrived too close together, so they are spaced strictly and
/// the margin grows, but never beyond a bound.
/// </summary>
/// <param name="perSecond">What the user told.</param>
internal sealed class ToldRate(double perSecond)
{
    private const double FirstMargin = 0.05;
    private const double MarginStep = 0.03;
    private const double SmallStep = 0.01;

    // So long after the first answer code is still compiled and connections are made, and requests leave at uneven times.
    private const long Cold = TimeSpan.TicksPerSecond;

    // Of longer intervals the few tenths of a second that a start takes are hardly a part.
    private const long LongestStart = 2 * TimeSpan.TicksPerSecond;

    // Without a refusal for so long, in ticks, a part of the margin is given up; for twice as long after each time that was too early.
    private const long FirstRest = 20 * TimeSpan.TicksPerSecond;

    private double _margin;
    private double _leastMargin;
    private long? _coldUntil;
    private long _quietSince;
    private long _rest = FirstRest;
    private bool _hasShrunk;

    /// <summary>What requests are spaced to; null where the pace behind the gate is enough.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : _coldUntil is not null ? perSecond * (1 - Spacing.MostMargin) : null;

    /// <summary>Whether it is kept as far below as it will ever be: then nothing is made up for either.</summary>
    public bool IsAtMost => _margin >= Spacing.MostMargin;

    /// <summary>The first answer is here.</summary>
    public void Begin(Spacing spacing, long now)
    {
        if (Spacing.Interval(perSecond) > LongestStart)
            return;
        spacing.NotBefore = now + Spacing.Interval(perSecond);
        if (_margin == 0 && Spacing.IsCoarse(perSecond))
            _coldUntil = now + Cold;
    }

    /// <summary>An answer is here.</summary>
    public void Grow(Spacing spacing, long now)
    {
        if (_margin > _leastMargin && now - _quietSince > _rest)
        {
            _margin = Math.Max(_leastMargin, _margin - MarginStep);
            _quietSince = now;
            _hasShrunk = true;
        }

        if (!(now >= _coldUntil))
            return;
        _coldUntil = null;

        // Where each request can wait for the answer to the one before, that keeps them apart at no cost, so none need be refused first.
        if (_margin == 0 && spacing.CanWaitFreely(perSecond))
            _margin = _leastMargin = Spacing.LeastMargin;
    }

    public void Refuse(Spacing spacing, long now)
    {
        if (_hasShrunk)
            _rest *= 2;
        _hasShrunk = false;
        _quietSince = now;
        _margin = _margin == 0 ? Math.Max(FirstMargin, spacing.MarginOf(perSecond)) : Math.Min(Spacing.MostMargin, _margin + MarginStep);
    }

    /// <summary>A refusal that is too rare to close the gate for.</summary>
    public void Nudge() => _margin = Math.Min(Spacing.MostMargin, Math.Max(FirstMargin, _margin + SmallStep));
}
