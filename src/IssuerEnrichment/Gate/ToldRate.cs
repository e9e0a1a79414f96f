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

    // How much of the margin a second without a refusal gives back: what made requests arrive too close together may be over.
    private const double Recovery = 0.001;

    // A pause that is longer than this is left to the pace: what is slow at the start takes less.
    private const long LongestStart = TimeSpan.TicksPerSecond / 4;

    private double _margin;
    private long _grownAt;
    private long? _coldUntil;

    /// <summary>What requests are spaced to; null where the pace behind the gate is enough.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : _coldUntil is not null ? perSecond * (1 - Spacing.MostMargin) : null;

    /// <summary>The first answer is here.</summary>
    public void Begin(Spacing spacing, long now)
    {
        spacing.NotBefore = now + Math.Min((long)(TimeSpan.TicksPerSecond / perSecond), LongestStart);
        if (_margin == 0 && Spacing.IsStrict(perSecond))
            _coldUntil = now + Cold;
    }

    public void Grow(long now)
    {
        if (now >= _coldUntil)
            _coldUntil = null;
        _margin = Math.Max(0, _margin - (Recovery * Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds)));
        _grownAt = now;
    }

    public void Refuse() => _margin = _margin == 0 ? Math.Max(LeastMargin, Spacing.MarginOf(perSecond)) : Math.Min(Spacing.MostMargin, _margin + MarginStep);

    /// <summary>A refusal that is too rare to close the gate for.</summary>
    public void Nudge() => _margin = Math.Min(Spacing.MostMargin, Math.Max(LeastMargin, _margin + SmallStep));
}
