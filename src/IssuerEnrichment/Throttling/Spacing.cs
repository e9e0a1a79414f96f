namespace IssuerEnrichment.Throttling;

/// <summary>Determines when the next request may be sent, and the margin below a rate that compensates for varying network delays.</summary>
internal sealed class Spacing
{
    public const double MinMargin = 0.02;
    public const double MarginStep = 0.02;
    public const double MaxMargin = 0.06;

    // How much earlier or later requests arrive, in seconds, relative to their spacing when they were sent. A bucket of one counts an early one as a
    // violation.
    private const double Jitter = 0.0015;

    // Timers are coarse. Requests that were this late are caught up if their interval is at most a few ticks of a timer. Others keep their distance
    // from the previous request.
    private const long CatchUp = 15 * TimeSpan.TicksPerMillisecond;
    private const long Strict = 8 * TimeSpan.TicksPerMillisecond;

    // The share of requests that arrive too early although they keep their distance, because the previous one was delayed (measured over loopback).
    private const double LateShare = 0.04;

    // The maximum part of the rate to give up for that if nothing shows that the service throttles because of it.
    private const double LeastPrice = 0.33;

    // As for the smoothed round-trip time in TCP (RFC 6298).
    private const double SmoothingGain = 0.125;

    // The first answers take longer than usual, because code is compiled and connections are opened.
    private const int Cold = 8;

    private long _last;
    private double _usual;
    private int _answers;

    /// <summary>The lowest latency so far.</summary>
    public long Shortest { get; private set; } = long.MaxValue;

    /// <summary>The earliest time for the next request.</summary>
    public long NotBefore { get; set; }

    /// <summary>Returns the margin to keep below a rate, so that requests do not arrive too close together.</summary>
    public static double MarginOf(double perSecond) => Math.Clamp(perSecond * Jitter, MinMargin, MaxMargin);

    /// <summary>
    /// Returns whether each request should wait for the answer to the previous one, which shows that it has arrived. That costs the time by which the
    /// latency exceeds the interval or, as long as nothing shows that the service accepts one request at a time, the shortest latency. Otherwise some
    /// requests are throttled, which costs a wait.
    /// </summary>
    public bool PaysToWait(double perSecond, bool isNarrow, TimeSpan price) => _usual > 0 && (isNarrow
        ? _usual - Interval(perSecond) < LateShare * price.Ticks
        : _usual - Math.Min(Interval(perSecond), Shortest) < LeastPrice * Interval(perSecond));

    /// <summary>Returns whether requests are closer together than if each waited for the answer to the previous one.</summary>
    public bool IsBeyondAnswers(double perSecond) => Interval(perSecond) < _usual;

    /// <summary>Returns how long to wait after a throttled request if the service does not say: until the requests in flight are answered.</summary>
    public long Pause(double perSecond) => (long)(2 * Math.Max(_usual, Interval(perSecond)));

    /// <summary>Returns whether an interval is longer than a tick of any timer.</summary>
    public static bool IsCoarse(double perSecond) => Interval(perSecond) > CatchUp;

    /// <summary>Notes an answer, which tells when its request has arrived. The next request keeps its distance from that.</summary>
    public void Answer(long latency, double? strictly, long now)
    {
        Shortest = Math.Min(Shortest, latency);
        _usual = ++_answers <= Cold ? Shortest : _usual + ((latency - _usual) * SmoothingGain);
        if (strictly is { } rate)
            NotBefore = Math.Max(NotBefore, now - Shortest + Interval(rate));
    }

    public static bool IsStrict(double perSecond) => Interval(perSecond) > Strict;

    public long Next(double? perSecond) => perSecond is { } rate ? Math.Max(NotBefore, _last + Interval(rate)) : NotBefore;

    /// <param name="perSecond">The rate; null if there is none.</param>
    /// <param name="isNarrow">Whether the service accepts only a few requests at once, so that nothing can be caught up.</param>
    /// <param name="now">When the request is sent.</param>
    public void Take(double? perSecond, bool isNarrow, long now) =>
        _last = perSecond is { } rate && !isNarrow && !IsStrict(rate) ? Math.Max(Next(rate), now - CatchUp) : now;

    public void Restart(long now) => _last = now;

    public static long Interval(double perSecond) => (long)Math.Min(TimeSpan.TicksPerSecond / perSecond, TimeSpan.TicksPerDay);
}
