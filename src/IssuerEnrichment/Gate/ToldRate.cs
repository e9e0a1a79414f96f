namespace IssuerEnrichment.Gate;

/// <summary>
/// A rate that the user told: a fact about the long run. A refusal then means that requests arrived too close together, so they are spaced strictly and
/// the margin grows, but never beyond a bound.
/// </summary>
/// <param name="perSecond">What the user told.</param>
internal sealed class ToldRate(double perSecond)
{
    private const double LeastMargin = 0.05;
    private const double MarginStep = 0.03;
    private const double SmallStep = 0.01;

    // So long after the first answer code is still compiled and connections are made, and requests leave at uneven times.
    private const long Cold = TimeSpan.TicksPerSecond;

    private double _margin;
    private long? _coldUntil;

    /// <summary>What requests are spaced to; null where the pace behind the gate is enough.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : _coldUntil is not null ? perSecond * (1 - Spacing.MostMargin) : null;

    /// <summary>The first answer is here.</summary>
    public void Begin(Spacing spacing, long now)
    {
        spacing.NotBefore = now + (long)(TimeSpan.TicksPerSecond / perSecond);
        if (_margin == 0 && Spacing.IsStrict(perSecond))
            _coldUntil = now + Cold;
    }

    public void Grow(long now)
    {
        if (now >= _coldUntil)
            _coldUntil = null;
    }

    public void Refuse() => _margin = _margin == 0 ? Math.Max(LeastMargin, Spacing.MarginOf(perSecond)) : Math.Min(Spacing.MostMargin, _margin + MarginStep);

    /// <summary>A refusal that is too rare to close the gate for.</summary>
    public void Nudge() => _margin = Math.Min(Spacing.MostMargin, Math.Max(LeastMargin, _margin + SmallStep));
}
