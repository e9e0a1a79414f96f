namespace IssuerEnrichment.Throttling;

/// <summary>
/// A rate that the user configured, which is correct in the long run. A throttled request therefore means that requests arrived too close together.
/// They are then spaced strictly, a few per cent below the rate. After a quiet period this ends, because most services tolerate slightly early
/// requests.
/// </summary>
/// <param name="perSecond">The configured rate.</param>
internal sealed class ConfiguredRate(double perSecond)
{
    // The length of the quiet period, in ticks. It doubles each time it turns out to be too short.
    private const long FirstRest = 10 * TimeSpan.TicksPerSecond;

    // The first requests are a few tenths of a second late, which is negligible for longer intervals; the rate limiter behind the gate keeps those.
    private const long LongestStart = 2 * TimeSpan.TicksPerSecond;

    private double _margin;
    private int _accepted;
    private long _quietSince;
    private long _rest = FirstRest;
    private bool _hasShrunk;

    /// <summary>The rate at which requests are spaced; null if the rate limiter behind the gate is sufficient.</summary>
    public double? PerSecond => _margin > 0 ? perSecond * (1 - _margin) : null;

    /// <summary>The rate without the margin.</summary>
    public double Exact => perSecond;

    /// <summary>Whether the margin is at its maximum. Then nothing is caught up either.</summary>
    public bool IsAtMost => _margin >= Spacing.MaxMargin;

    /// <summary>Whether the service was seen to accept only a few requests at once.</summary>
    public bool IsNarrow { get; private set; }

    /// <summary>Notes an accepted request.</summary>
    public void RecordAccepted(Spacing spacing, long now)
    {
        if (_accepted < LimiterModel.Cold)
            Begin(spacing, now);
        else if (_margin > 0 && now - _quietSince > _rest)
            Relax(now);
    }

    /// <summary>Notes a throttled request.</summary>
    public void RecordThrottled(LimiterEvidence evidence, long now)
    {
        IsNarrow = evidence.IsNarrow(perSecond);
        if (_hasShrunk)
            _rest *= 2;
        _hasShrunk = false;
        _quietSince = now;
        _margin = Math.Min(Spacing.MaxMargin, _margin + Spacing.MarginStep);
    }

    // Strict from the start if this costs only the margin. The first requests are late, so the next one keeps its distance from the answer.
    private void Begin(Spacing spacing, long now)
    {
        _accepted++;
        if (Spacing.Interval(perSecond) > LongestStart)
            return;
        _quietSince = now;
        spacing.NotBefore = now + Spacing.Interval(perSecond);
        if (_margin == 0 && Spacing.IsCoarse(perSecond))
            _margin = Spacing.MinMargin;
    }

    private void Relax(long now)
    {
        _margin = Math.Max(0, _margin - Spacing.MarginStep);
        _quietSince = now;
        _hasShrunk = true;
    }
}
