using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment;

/// <summary>The rate limit for requests to a service: one limit, or several that all apply.</summary>
/// <remarks>
/// <para>
/// <b>A period of up to one minute is spaced evenly</b>: <c>100/1s</c> starts a request every 10.1 ms. Requests are not sent in a burst, because
/// services answer 429 to a burst long before its second is over. The interval includes a safety margin of 1 %, so that the jitter of timers and
/// networks does not put one request too many into a window that the service counts strictly. For the same reason, no 1.01 periods ever contain more
/// starts than the limit. Requests that became due while a timer was late are caught up, at most 15 ms of them: three requests back to back at 200/s,
/// never more than one below 66/s.
/// </para>
/// <para>
/// <b>A longer period is a quota</b>: it may be used up at once, but no window of that length (from a start, included, to one period later, excluded)
/// ever contains more starts than the limit. A quota does not limit the speed: spaced evenly, 10,000 a day would be one request every nine seconds,
/// even for a run of a hundred. "10 a second and 10,000 a day" therefore combine as expected.
/// </para>
/// <para>
/// Starts are counted in memory, with 8 bytes for each permit. Counting begins when the limiter is created, so a quota starts afresh with each
/// process. The text form is <c>100/1s, 10000/1d</c>, with the units <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> and <c>d</c>; <c>100/s</c> is short for
/// <c>100/1s</c>. Two instances are equal if all their limits are. Immutable and thread-safe.
/// </para>
/// </remarks>
[TypeConverter(typeof(RateLimitTypeConverter))]
public sealed record RateLimit : IParsable<RateLimit>
{
    private RateLimit(IEnumerable<Limit> limits) =>
        Limits = [.. limits.GroupBy(limit => limit.Period, (_, same) => same.MinBy(limit => limit.Permits)).OrderBy(limit => limit.Period)];

    internal ImmutableArray<Limit> Limits { get; }

    /// <summary>The strictest of the limits that are spaced evenly, in requests a second; null if all are quotas.</summary>
    internal double? EvenPerSecond =>
        Limits.Where(limit => limit.IsSpread).Select(limit => (double?)(limit.Permits / limit.Period.TotalSeconds)).Min();

    /// <summary>Creates a limit per second, spaced evenly.</summary>
    /// <param name="permits">The number of requests, 1 to 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is not between 1 and 1,000,000.</exception>
    public static RateLimit PerSecond(int permits) => Of(permits, TimeSpan.FromSeconds(1));

    /// <summary>Creates a limit per minute, spaced evenly.</summary>
    /// <inheritdoc cref="PerSecond"/>
    public static RateLimit PerMinute(int permits) => Of(permits, TimeSpan.FromMinutes(1));

    /// <summary>Creates a quota for any 24 hours, which may be used up at once.</summary>
    /// <inheritdoc cref="PerSecond"/>
    public static RateLimit PerDay(int permits) => Of(permits, TimeSpan.FromDays(1));

    /// <summary>Creates a limit for any period: spaced evenly up to one minute, a quota above.</summary>
    /// <param name="permits">The number of requests, 1 to 1,000,000.</param>
    /// <param name="period">The period, 1 ms to 31 days, in whole milliseconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static RateLimit Of(int permits, TimeSpan period)
    {
        if (permits is < 1 or > Limit.MaxPermits)
            throw new ArgumentOutOfRangeException(nameof(permits), permits, "The number of requests must be between 1 and 1,000,000.");
        if (!Limit.AllowsPeriod(period))
            throw new ArgumentOutOfRangeException(nameof(period), period, "The period must be between 1 ms and 31 days, in whole milliseconds.");
        return new RateLimit([new Limit(permits, period)]);
    }

    /// <summary>Combines two limits, both of which apply. Of two limits for the same period, the stricter one is kept.</summary>
    /// <param name="other">The other limit.</param>
    public RateLimit And(RateLimit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RateLimit([.. Limits, .. other.Limits]);
    }

    /// <summary>Parses the text form, such as <c>100/1s, 10000/1d</c>.</summary>
    /// <param name="s">One or more limits, separated by commas.</param>
    /// <param name="provider">Ignored: the format does not depend on the culture.</param>
    /// <exception cref="FormatException"><paramref name="s"/> is not a rate limit; the message describes the format.</exception>
    public static RateLimit Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, provider, out RateLimit? result) ? result : throw new FormatException(
            $"'{s}' is not a rate limit. Write one or several, such as '100/1s, 10000/1d': " +
            "1 to 1000000 requests per 1ms to 31d, in the units ms, s, m, h or d.");
    }

    /// <summary>Tries to parse the text form, such as <c>100/1s, 10000/1d</c>.</summary>
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

    /// <summary>Returns the text form, such as <c>100/1s, 10000/1d</c>, with the shortest period first. <see cref="Parse"/> accepts it.</summary>
    public override string ToString() => string.Join(", ", Limits);
}
