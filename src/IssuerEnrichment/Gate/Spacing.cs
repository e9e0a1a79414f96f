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

    // Requests that are so much of a latency apart hardly lose time by waiting for answers.
    private const double AnswerShare = 0.8;
    private const double FreeShare = 0.9;

    // That of a smoothed round-trip time in TCP (RFC 6298).
    private const double SmoothingGain = 0.125;

    private long _last;
    private double _usual;

    /// <summary>The shortest time that an answer took.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    /// <summary>The next request may not go before.</summary>
    public long NotBefore { get; set; }

    /// <summary>What to keep below a rate so that requests do not arrive too close together.</summary>
    public double MarginOf(double perSecond) => CanWait(perSecond) ? LeastMargin : Math.Min(MostMargin, perSecond * Jitter);

    /// <summary>Whether requests are so far apart that each can wait for the answer to the one before.</summary>
    /// <remarks>A request that was late on its way comes too close to the next one, and only its answer tells.</remarks>
    public bool CanWait(double perSecond) => _usual > 0 && Interval(perSecond) > AnswerShare * _usual;

    /// <summary>Whether that costs next to no time, so that it is done before anything was throttled.</summary>
    public bool CanWaitFreely(double perSecond) => _usual > 0 && Interval(perSecond) > FreeShare * _usual;

    /// <summary>Whether an interval is longer than a tick of any timer.</summary>
    public static bool IsCoarse(double perSecond) => Interval(perSecond) > CatchUp;

    /// <summary>An answer is here. It tells when its request must have arrived, from which the next one keeps its distance.</summary>
    public void Answer(long latency, double? strictly, long now)
    {
        Shortest = Math.Min(Shortest, latency);
        _usual += (latency - _usual) * (_usual == 0 ? 1 : SmoothingGain);
        if (strictly is { } rate)
            NotBefore = Math.Max(NotBefore, now - Shortest + Interval(rate));
    }

    public static bool IsStrict(double perSecond) => Interval(perSecond) > Strict;

    public long Next(double? perSecond) => perSecond is { } rate ? Math.Max(NotBefore, _last + Interval(rate)) : NotBefore;

    /// <param name="perSecond">The rate; null where there is none.</param>
    /// <param name="isNarrow">Whether the service takes only a few at once, so that nothing can be made up for.</param>
    /// <param name="now">When the request goes.</param>
    public void Take(double? perSecond, bool isNarrow, long now) =>
        _last = perSecond is { } rate && !isNarrow && !IsStrict(rate) ? Math.Max(Next(rate), now - CatchUp) : now;

    public void Restart(long now) => _last = now;

    public static long Interval(double perSecond) => (long)Math.Min(TimeSpan.TicksPerSecond / perSecond, TimeSpan.TicksPerDay);
}
