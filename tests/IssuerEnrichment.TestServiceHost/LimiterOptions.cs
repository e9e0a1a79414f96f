using System.CommandLine;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The options of what turns requests away without doing work.</summary>
internal static class LimiterOptions
{
    private static readonly Dictionary<string, RateLimitAlgorithm> Algorithms = new()
    {
        ["bucket"] = RateLimitAlgorithm.TokenBucket,
        ["sliding-window"] = RateLimitAlgorithm.SlidingWindow,
        ["fixed-window"] = RateLimitAlgorithm.FixedWindow,
    };

    private static readonly Dictionary<string, RateLimitDialect> Dialects = new()
    {
        ["none"] = RateLimitDialect.None,
        ["retry-after"] = RateLimitDialect.RetryAfterSeconds,
        ["retry-after-date"] = RateLimitDialect.RetryAfterDate,
        ["retry-after-ms"] = RateLimitDialect.RetryAfterMilliseconds,
        ["draft-10"] = RateLimitDialect.RateLimitDraft10,
        ["triple"] = RateLimitDialect.RateLimitTriple,
        ["x-epoch"] = RateLimitDialect.XRateLimitEpoch,
        ["x-reset-after"] = RateLimitDialect.XRateLimitResetAfter,
    };

    public static Func<ParseResult, Fault?> AddRateLimit(OptionList options)
    {
        Option<Rate?> rate = options.Add("--rate", "requests/period", "Turns requests above this rate away, such as 200/1s.", Parsing.Rate);
        Option<RateLimitAlgorithm> algorithm = options.AddChoice("--limiter", "How the rate is counted [default: bucket]", Algorithms);
        Option<int?> burst = options.AddCount("--burst", "Requests that a bucket lets through at once after a rest [default: those of a period].");
        Option<int?> status = options.AddCount("--rate-status", "The status above the rate [default: 429].");
        Option<RateLimitDialect> dialect = options.AddChoice("--dialect", "The headers that tell the rate [default: none]", Dialects);
        Option<bool> roundsDown = options.AddFlag("--round-down", "Rounds the times in these headers down.");
        Option<bool> noneRemaining = options.AddFlag("--none-remaining", "Tells a remainder of 0 in these headers, always.");
        return arguments => arguments.GetValue(rate) is { } limit
            ? new RateLimitFault(limit.Permits, limit.Period)
            {
                Algorithm = arguments.GetValue(algorithm),
                Burst = arguments.GetValue(burst) ?? limit.Permits,
                Status = arguments.GetValue(status) ?? 429,
                Dialect = arguments.GetValue(dialect),
                RoundsDown = arguments.GetValue(roundsDown),
                TellsNoneRemaining = arguments.GetValue(noneRemaining),
            }
            : null;
    }

    public static Func<ParseResult, Fault?> AddConcurrencyLimit(OptionList options)
    {
        Option<int?> limit = options.AddCount("--max-concurrent", "Turns requests away above this many in flight.");
        Option<int?> status = options.AddCount("--concurrent-status", "The status above that [default: 503].");
        return arguments => arguments.GetValue(limit) is { } value
            ? new ConcurrencyLimitFault(value) { Status = arguments.GetValue(status) ?? 503 }
            : null;
    }
}
