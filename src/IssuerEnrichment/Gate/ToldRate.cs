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

    // How much of the margin a second without a refusal gives back: what made requests arrive too close together may be over.
    private const double Recovery = 0.001;

    // Of longer intervals the few tenths of a second that a start takes are hardly a part.
    private const long LongestStart = 2 * TimeSpan.TicksPerSecond;

    private double _margin;
    private double _leastMargin;
    private long _grownAt;
    private long? _coldUntil;

    /// <summary>What requests are spaced to; null where the pace behind the gate is enough.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : _coldUntil is not null ? perSecond * (1 - Spacing.MostMargin) : null;

    /// <summary>The first answer is here.</summary>
    public void Begin(Spacing spacing, long now)
    {
        if (Spacing.Interval(perSecond) <= LongestStart)
            spacing.NotBefore = now + Spacing.Interval(perSecond);
        if (_margin == 0 && Spacing.IsStrict(perSecond))
            _coldUntil = now + Cold;
    }

    /// <summary>An answer is here.</summary>
    public void Grow(Spacing spacing, long now)
    {
        if (now >= _coldUntil)
        {
            _coldUntil = null;

            // Where each request can wait for the answer to the one before, that keeps them apart at no cost, so none need be refused first.
            if (_margin == 0 && Spacing.IsCoarse(perSecond) && spacing.CanWait(perSecond))
                _margin = _leastMargin = Spacing.LeastMargin;
        }

        _margin = Math.Max(_leastMargin, _margin - (Recovery * Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds)));
        _grownAt = now;
    }

    public void Refuse(Spacing spacing) => _margin = _margin == 0
        ? Math.Max(FirstMargin, spacing.MarginOf(perSecond))
        : Math.Min(Spacing.MostMargin, _margin + MarginStep);

    /// <summary>A refusal that is too rare to close the gate for.</summary>
    public void Nudge() => _margin = Math.Min(Spacing.MostMargin, Math.Max(FirstMargin, _margin + SmallStep));
}
