namespace IssuerEnrichment.Throttling;

/// <summary>When the next request may go, and by how much a rate has to be kept below for the times on the way.</summary>
internal sealed class Spacing
{
    public const double LeastMargin = 0.02;
    public const double MarginStep = 0.02;
    public const double MostMargin = 0.06;

    // Requests arrive, in seconds, so much earlier or later than their spacing when they were sent. A bucket of one counts that as a violation.
    private const double Jitter = 0.0015;

    // Timers are coarse: of slots missed by this little those are made up for that are closer together than a few ticks of a timer. Others keep their
    // distance to the request before.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;
    private const long Strict = 8 * TimeSpan.TicksPerMillisecond;

    // Of requests that keep their distance so many arrive too early all the same, because the one before was late on its way (measured over loopback).
    private const double LateShare = 0.04;

    // Where nothing says that the service minds, this part of the rate at most is given for it.
    private const double LeastPrice = 0.33;

    // That of a smoothed round-trip time in TCP (RFC 6298).
    private const double SmoothingGain = 0.125;

    // The first answers take longer than usual, for code is compiled and connections are made.
    private const int Cold = 8;

    private long _last;
    private double _usual;
    private int _answers;

    /// <summary>The shortest time that an answer took.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    /// <summary>The next request may not go before.</summary>
    public long NotBefore { get; set; }

    /// <summary>What to keep below a rate so that requests do not arrive too close together.</summary>
    public static double MarginOf(double perSecond) => Math.Clamp(perSecond * Jitter, LeastMargin, MostMargin);

    /// <summary>
    /// Whether each request should wait for the answer to the one before, which tells that it has arrived. That costs the time by which answers take
    /// longer than the interval, or, as long as nothing says that the service minds, than the fastest of them; otherwise some requests are throttled, at the price of a wait.
    /// </summary>
    public bool PaysToWait(double perSecond, bool isNarrow, TimeSpan price) => _usual > 0 && (isNarrow
        ? _usual - Interval(perSecond) < LateShare * price.Ticks
        : _usual - Math.Min(Interval(perSecond), Shortest) < LeastPrice * Interval(perSecond));

    /// <summary>Whether requests are closer together than one that waits for the answer to the one before.</summary>
    public bool IsBeyondAnswers(double perSecond) => Interval(perSecond) < _usual;

    /// <summary>How long to wait after a throttled request that the service says nothing about: until what was under way is answered.</summary>
    public long Pause(double perSecond) => (long)(2 * Math.Max(_usual, Interval(perSecond)));

    /// <summary>Whether an interval is longer than a tick of any timer.</summary>
    public static bool IsCoarse(double perSecond) => Interval(perSecond) > CatchUp;

    /// <summary>An answer is here. It tells when its request must have arrived, from which the next one keeps its distance.</summary>
    public void Answer(long latency, double? strictly, long now)
    {
        Shortest = Math.Min(Shortest, latency);
        _usual = ++_answers <= Cold ? Shortest : _usual + ((latency - _usual) * SmoothingGain);
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
