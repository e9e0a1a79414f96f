namespace IssuerEnrichment.Gate;

/// <summary>When the next request may go, and by how much a rate has to be kept below for the times on the way.</summary>
internal sealed class Spacing
{
    public const double LeastMargin = 0.02;
    public const double MarginStep = 0.02;
    public const double MostMargin = 0.12;

    // Requests arrive, in seconds, so much earlier or later than their spacing when they were sent. A bucket of one counts that as a violation.
    private const double Jitter = 0.0015;

    // Timers are coarse: of slots missed by this little those are made up for that are closer together than a few ticks of a timer. Others keep their
    // distance to the request before.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;
    private const long Strict = 8 * TimeSpan.TicksPerMillisecond;

    private long _last;

    /// <summary>The next request may not go before.</summary>
    public long NotBefore { get; set; }

    public static double MarginOf(double perSecond) => Math.Min(MostMargin, perSecond * Jitter);

    public static bool IsStrict(double perSecond) => Interval(perSecond) > Strict;

    public long Next(double? perSecond) => perSecond is { } rate ? Math.Max(NotBefore, _last + Interval(rate)) : NotBefore;

    public void Take(double? perSecond, long now) =>
        _last = perSecond is { } rate && !IsStrict(rate) ? Math.Max(Next(rate), now - CatchUp) : now;

    public void Restart(long now) => _last = now;

    private static long Interval(double perSecond) => (long)Math.Min(TimeSpan.TicksPerSecond / perSecond, TimeSpan.TicksPerDay);
}
