namespace IssuerEnrichment.Throttling;

/// <summary>
/// A rate that the user told: a fact about the long run. A throttled request then means that requests arrived too close together, so they are spaced
/// strictly, a few per cent below the rate. After a quiet time that is given up again, for most services forgive what comes a little early.
/// </summary>
/// <param name="perSecond">What the user told.</param>
internal sealed class ToldRate(double perSecond)
{
    // In ticks; twice as long after each time that was too early.
    private const long FirstRest = 10 * TimeSpan.TicksPerSecond;

    // Of longer intervals the few tenths of a second by which the first requests are late are hardly a part, and the pace behind the gate keeps them.
    private const long LongestStart = 2 * TimeSpan.TicksPerSecond;

    private double _margin;
    private int _accepted;
    private long _quietSince;
    private long _rest = FirstRest;
    private bool _hasShrunk;

    /// <summary>What requests are spaced to; null where the pace behind the gate is enough.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : null;

    /// <summary>The rate itself, without the margin.</summary>
    public double Exact => perSecond;

    /// <summary>Whether it is kept as far below as it will ever be: then nothing is made up for either.</summary>
    public bool IsAtMost => _margin >= Spacing.MostMargin;

    /// <summary>Whether the service was seen to take only a few at once.</summary>
    public bool IsNarrow { get; private set; }

    /// <summary>A request was accepted.</summary>
    public void Accept(Spacing spacing, long now)
    {
        if (_accepted < LimiterModel.Cold)
            Begin(spacing, now);
        else if (_margin > 0 && now - _quietSince > _rest)
            Relax(now);
    }

    /// <summary>A request was throttled.</summary>
    public void Refuse(LimiterEvidence evidence, long now)
    {
        IsNarrow = evidence.IsNarrow(perSecond);
        if (_hasShrunk)
            _rest *= 2;
        _hasShrunk = false;
        _quietSince = now;
        _margin = Math.Min(Spacing.MostMargin, _margin + Spacing.MarginStep);
    }

    // Strict from the beginning where that costs nothing but the margin. The first requests arrive late, so the next one keeps its distance to the answer.
    private void Begin(Spacing spacing, long now)
    {
        _accepted++;
        if (Spacing.Interval(perSecond) > LongestStart)
            return;
        _quietSince = now;
        spacing.NotBefore = now + Spacing.Interval(perSecond);
        if (_margin == 0 && Spacing.IsCoarse(perSecond))
            _margin = Spacing.LeastMargin;
    }

    private void Relax(long now)
    {
        _margin = Math.Max(0, _margin - Spacing.MarginStep);
        _quietSince = now;
        _hasShrunk = true;
    }
}
