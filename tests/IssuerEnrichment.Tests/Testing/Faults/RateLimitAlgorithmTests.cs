using CsCheck;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing.Faults;

/// <summary>The limiters themselves, by their definitions, for arrivals at drawn instants.</summary>
public sealed class RateLimitAlgorithmTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1_000);

    // Milliseconds between arrivals: mostly close together, sometimes a rest.
    private static readonly Gen<TimeSpan[]> Arrivals = Gen.Frequency((8, Gen.Int[0, 150]), (1, Gen.Int[0, 3_000])).Array[1, 100].Select(gaps =>
    {
        int at = 0;
        return gaps.Select(gap => TimeSpan.FromMilliseconds(at += gap)).ToArray();
    });

    [Fact]
    public void A_token_bucket_is_the_generic_cell_rate_algorithm() =>
        Gen.Select(Arrivals, Gen.Int[1, 20], Gen.Int[1, 10]).Sample((arrivals, permits, burst) =>
        {
            TimeSpan interval = Period / permits;
            TokenBucket bucket = new(interval, burst);
            TimeSpan theoretical = TimeSpan.Zero;
            return arrivals.All(now =>
            {
                // Virtual scheduling, ITU-T I.371, annex A: conforming unless earlier than the theoretical arrival time less the tolerance.
                bool conforms = now >= theoretical - (interval * (burst - 1));
                if (conforms)
                    theoretical = (theoretical > now ? theoretical : now) + interval;
                return bucket.Take(now).Granted == conforms;
            });
        });

    [Fact]
    public void A_burst_of_one_keeps_any_two_requests_an_interval_apart() =>
        Gen.Select(Arrivals, Gen.Int[1, 20]).Sample((arrivals, permits) =>
        {
            TimeSpan[] granted = Granted(new TokenBucket(Period / permits, burst: 1), arrivals);
            return granted.Zip(granted.Skip(1)).All(pair => pair.Second - pair.First >= Period / permits);
        });

    [Fact]
    public void A_sliding_window_grants_what_leaves_its_number_in_any_span() =>
        Gen.Select(Arrivals, Gen.Int[1, 20]).Sample((arrivals, permits) =>
        {
            TimeSpan[] granted = Granted(new SlidingWindow(permits, Period), arrivals);
            int Within(TimeSpan now) => granted.Count(at => at > now - Period && at <= now);
            return arrivals.All(now => Within(now) <= permits) && arrivals.Except(granted).All(now => Within(now) == permits);
        });

    [Fact]
    public void A_fixed_window_grants_its_number_in_each() =>
        Gen.Select(Arrivals, Gen.Int[1, 20]).Sample((arrivals, permits) =>
        {
            ILookup<long, TimeSpan> granted = Granted(new FixedWindow(permits, Period), arrivals).ToLookup(at => at.Ticks / Period.Ticks);
            return arrivals.GroupBy(at => at.Ticks / Period.Ticks).All(window => granted[window.Key].Count() == Math.Min(permits, window.Count()));
        });

    [Fact]
    public void A_request_is_granted_at_the_stated_time_and_not_a_tick_earlier() =>
        Gen.Select(Gen.OneOf(Enum.GetValues<RateLimitAlgorithm>()), Gen.Int[1, 5], Gen.Int[1, 20]).Sample((algorithm, permits, takes) =>
        {
            IRateLimiter limiter = Create(algorithm, permits);
            TimeSpan now = TimeSpan.FromMilliseconds(17);
            for (int n = 0; n < takes; n++)
            {
                RateLimitLease lease = limiter.Take(now);
                if (lease.Granted)
                    continue;

                now += lease.ResetsIn;
                if (limiter.Take(now - TimeSpan.FromTicks(1)).Granted || !limiter.Take(now).Granted)
                    return false;
            }

            return true;
        });

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindow, "2: 1000, 1: 900, 0: 800, refused: 700")]
    [InlineData(RateLimitAlgorithm.FixedWindow, "2: 983, 1: 883, 0: 783, refused: 683")]
    public void Windows_tell_what_is_left_and_when_there_is_more(RateLimitAlgorithm algorithm, string told)
    {
        IRateLimiter limiter = Create(algorithm, permits: 3);

        IEnumerable<string> answers = Enumerable.Range(0, 4)
            .Select(n => limiter.Take(TimeSpan.FromMilliseconds(17 + (100 * n))))
            .Select(lease => $"{(lease.Granted ? lease.Remaining : "refused")}: {lease.ResetsIn.TotalMilliseconds}");

        string.Join(", ", answers).Should().Be(told);
    }

    private static IRateLimiter Create(RateLimitAlgorithm algorithm, int permits) => algorithm switch
    {
        RateLimitAlgorithm.SlidingWindow => new SlidingWindow(permits, Period),
        RateLimitAlgorithm.FixedWindow => new FixedWindow(permits, Period),
        _ => new TokenBucket(Period / permits, permits),
    };

    private static TimeSpan[] Granted(IRateLimiter limiter, TimeSpan[] arrivals) => [.. arrivals.Where(now => limiter.Take(now).Granted)];
}
