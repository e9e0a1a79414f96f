using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment;

/// <summary>How many requests a service may be sent: one limit, or several that hold at once.</summary>
/// <remarks>
/// <para>
/// <b>A period of up to one minute is spread evenly</b>: <c>100/1s</c> starts a request every 10.1 ms. Services answer 429 to a
/// burst long before its second is over, so the requests are not sent in a heap. The 1 % on top is a safety margin:
/// the jitter of timers and networks must not put one request too many into a window that the service counts strictly. For the same
/// reason no 1.01 periods ever hold more starts than the limit. What fell due while a timer was late is caught up, at most
/// 15 ms of it: three requests back to back at 200/s, never more than one below 66/s.
/// </para>
/// <para>
/// <b>A longer period is a quota</b>: it may be used up at once, but no window of that length (from a start, included, to
/// one period later, excluded) ever holds more starts than the limit. A quota is what is left to spend and says nothing about
/// speed: spread evenly, 10,000 a day would be one request every nine seconds even for a run of a hundred. So "10 a second and
/// 10,000 a day" do together what they say.
/// </para>
/// <para>
/// Starts are counted in memory, 8 bytes for each permit, from when the limiter was made: a quota starts anew with the process.
/// The text form is <c>100/1s, 10000/1d</c>, with the units <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> and <c>d</c>;
/// <c>100/s</c> is short for <c>100/1s</c>. Two are equal when all their limits are. Immutable, so safe for any number of threads.
/// </para>
/// </remarks>
[TypeConverter(typeof(RateLimitTypeConverter))]
public sealed record RateLimit : IParsable<RateLimit>
{
    private RateLimit(IEnumerable<Limit> limits) =>
        Limits = [.. limits.GroupBy(limit => limit.Period, (_, same) => same.MinBy(limit => limit.Permits)).OrderBy(limit => limit.Period)];

    internal ImmutableArray<Limit> Limits { get; }

    /// <summary>Requests a second of the strictest limit that is spread evenly; null where all are quotas.</summary>
    internal double? EvenPerSecond =>
        Limits.Where(limit => limit.IsSpread).Select(limit => (double?)(limit.Permits / limit.Period.TotalSeconds)).Min();

    /// <summary>A limit per second, spread evenly.</summary>
    /// <param name="permits">How many requests, 1 to 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is not 1 to 1,000,000.</exception>
    public static RateLimit PerSecond(int permits) => Of(permits, TimeSpan.FromSeconds(1));

    /// <summary>A limit per minute, spread evenly.</summary>
    /// <inheritdoc cref="PerSecond"/>
    public static RateLimit PerMinute(int permits) => Of(permits, TimeSpan.FromMinutes(1));

    /// <summary>A quota for any 24 hours, which may be used up at once.</summary>
    /// <inheritdoc cref="PerSecond"/>
    public static RateLimit PerDay(int permits) => Of(permits, TimeSpan.FromDays(1));

    /// <summary>A limit per any period: spread evenly up to one minute, a quota above.</summary>
    /// <param name="permits">How many requests, 1 to 1,000,000.</param>
    /// <param name="period">How long, 1 ms to 31 days, in whole milliseconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public static RateLimit Of(int permits, TimeSpan period)
    {
        if (permits is < 1 or > Limit.MaxPermits)
            throw new ArgumentOutOfRangeException(nameof(permits), permits, "A limit is 1 to 1,000,000 requests a period.");
        if (!Limit.AllowsPeriod(period))
            throw new ArgumentOutOfRangeException(nameof(period), period, "A period is 1 ms to 31 days, in whole milliseconds.");
        return new RateLimit([new Limit(permits, period)]);
    }

    /// <summary>Both limits at once; of two for the same period, the stricter.</summary>
    /// <param name="other">The limit that must hold as well.</param>
    public RateLimit And(RateLimit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RateLimit([.. Limits, .. other.Limits]);
    }

    /// <summary>Reads the text form, such as <c>100/1s, 10000/1d</c>.</summary>
    /// <param name="s">One or several limits, separated by commas.</param>
    /// <param name="provider">Not used: the form is the same in every culture.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is not a rate limit; the message says what one is.</exception>
    public static RateLimit Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out RateLimit? result) ? result : throw new FormatException(
            $"'{s}' is not a rate limit. Write one or several, such as '100/1s, 10000/1d': " +
            "1 to 1000000 requests per 1ms to 31d, in the units ms, s, m, h or d.");
    }

    /// <summary>Reads the text form, such as <c>100/1s, 10000/1d</c>, if it is one.</summary>
    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RateLimit result)
    {
        result = null;
        List<Limit> limits = [];
        foreach (string part in (s ?? "").Split(','))
        {
            if (!Limit.TryParse(part, out Limit limit))
                return false;
            limits.Add(limit);
        }

        result = new RateLimit(limits);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(RateLimit? other) => other is not null && Limits.SequenceEqual(other.Limits);

    /// <inheritdoc/>
    public override int GetHashCode() => Limits.Aggregate(0, HashCode.Combine);

    /// <summary>The text form, shortest period first, such as <c>100/1s, 10000/1d</c>; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() => string.Join(", ", Limits);
}
