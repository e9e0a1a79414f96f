using CsCheck;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Pacing;

/// <summary>What holds for any limits, any arrivals and any lateness of timers, each said without the limiter's own algorithm.</summary>
public sealed class PacingPropertyTests
{
    private const double Margin = 1.01;
    private const int Patient = int.MaxValue;
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan WorstLateness = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(1);

    private static readonly Gen<RateLimit> RateLimits =
        Gen.Select(Gen.Int[1, 20], Gen.OneOf(10, 50, 500, 1_000, 60_000, 60_001, 200_000))
            .Select((permits, milliseconds) => RateLimit.Of(permits, TimeSpan.FromMilliseconds(milliseconds)))
            .Array[1, 3]
            .Select(limits => limits.Aggregate((one, other) => one.And(other)));

    private static readonly Gen<(RateLimit Limit, PacedRequest[] Requests, int Seed)> Runs =
        from limit in RateLimits
        from scale in Gen.OneOf(0, 3, 100, 5_000)
        from gaps in Gen.Int[0, scale].Array[1, 80]
        from weights in Gen.Frequency((3, Gen.Const(1)), (1, Gen.Int[1, limit.Limits.Min(one => one.Permits)])).Array[gaps.Length]
        from patience in Gen.Frequency((4, Gen.Const(Patient)), (1, Gen.Int[1, 2_000])).Array[gaps.Length]
        from seed in Gen.Int
        select (limit, ToRequests(gaps, weights, patience), seed);

    [Fact]
    public void No_window_of_any_limit_ever_holds_more_starts_than_the_limit() => Check((limit, starts) =>
    {
        TimeSpan[] permits = [.. starts.SelectMany(start => Enumerable.Repeat(start.At, start.Request.Permits))];
        foreach (Limit one in limit.Limits)
        {
            IEnumerable<TimeSpan> spans = permits.Zip(permits.Skip(one.Permits), (first, oneTooMany) => oneTooMany - first);
            spans.Append(TimeSpan.MaxValue).Min().Should().BeGreaterThanOrEqualTo(Window(one));
        }
    });

    [Fact]
    public void A_limit_of_up_to_a_minute_is_spread_evenly_but_for_what_a_late_timer_left_behind() => Check((limit, starts) =>
    {
        foreach (Limit one in limit.Limits.Where(IsSpread))
        {
            TimeSpan even = TimeSpan.Zero;
            TimeSpan leastAhead = TimeSpan.MaxValue;
            TimeSpan gained = TimeSpan.Zero;
            foreach (PacedStart start in starts)
            {
                even += start.Request.Permits * Interval(one);
                TimeSpan ahead = even - start.At;
                leastAhead = ahead < leastAhead ? ahead : leastAhead;
                gained = Max(gained, ahead - leastAhead);
            }

            gained.Should().BeLessThanOrEqualTo(CatchUp);
        }
    });

    [Fact]
    public void No_request_waits_longer_than_the_limits_require() => Check((limit, starts) =>
    {
        List<TimeSpan> permits = [];
        TimeSpan late = TimeSpan.Zero;
        foreach ((PacedRequest request, TimeSpan at) in starts)
        {
            TimeSpan free = request.Arrival;
            foreach (Limit one in limit.Limits)
            {
                if (IsSpread(one))
                {
                    TimeSpan afterLast = permits.Count > 0 ? permits[^1] + Interval(one) : TimeSpan.Zero;
                    free = Max(free, Max(request.Arrival, afterLast) + ((request.Permits - 1) * Interval(one)));
                }

                int oldest = permits.Count + request.Permits - 1 - one.Permits;
                if (oldest >= 0)
                    free = Max(free, permits[oldest] + Window(one));
            }

            late = Max(late, at - free);
            permits.AddRange(Enumerable.Repeat(at, request.Permits));
        }

        late.Should().BeLessThanOrEqualTo(WorstLateness + TimerGrain);
    });

    [Fact]
    public void Starts_are_in_the_order_of_arrival_and_only_the_impatient_are_missing() => Runs.Sample(run =>
    {
        IReadOnlyList<PacedStart> starts = Play(run);
        starts.Select(start => start.Request.Arrival).Should().BeInAscendingOrder();
        starts.Select(start => start.At).Should().BeInAscendingOrder();
        starts.Where(start => start.At < start.Request.Arrival || start.At > start.Request.GivesUp).Should().BeEmpty();
        starts.Count(start => start.Request.GivesUp == TimeSpan.MaxValue)
            .Should().Be(run.Requests.Count(request => request.GivesUp == TimeSpan.MaxValue));
    });

    [Fact]
    public void A_server_with_a_rate_of_200_and_a_burst_of_20_never_throttles_and_is_used_to_95_percent() =>
        Gen.Select(Gen.Int, Gen.OneOf(2, 15, 300)).Sample((seed, worstLateness) =>
        {
            Random random = new(seed);
            PacedRequest[] backlog = ToRequests(new int[400], Enumerable.Repeat(1, 400), Enumerable.Repeat(Patient, 400));
            IReadOnlyList<PacedStart> starts = PacedRun.Play(
                RateLimit.PerSecond(200), backlog, () => TimeSpan.FromMilliseconds(random.NextDouble() * worstLateness));

            double tokens = 20;
            double fewest = tokens;
            TimeSpan last = TimeSpan.Zero;
            foreach (TimeSpan arrived in starts.Select(start => start.At + TimeSpan.FromMilliseconds(random.Next(50))).Order())
            {
                tokens = Math.Min(20, tokens + (200 * (arrived - last).TotalSeconds)) - 1;
                fewest = Math.Min(fewest, tokens);
                last = arrived;
            }

            fewest.Should().BeGreaterThanOrEqualTo(0, "the server answers 429 to a request without a token");

            if (worstLateness <= CatchUp.TotalMilliseconds)
                (starts.Count / starts[^1].At.TotalSeconds).Should().BeGreaterThanOrEqualTo(190);
        }, iter: 30);

    private static void Check(Action<RateLimit, IReadOnlyList<PacedStart>> property) =>
        Runs.Sample(run => property(run.Limit, Play(run)), iter: 300);

    private static IReadOnlyList<PacedStart> Play((RateLimit Limit, PacedRequest[] Requests, int Seed) run)
    {
        Random random = new(run.Seed);
        return PacedRun.Play(run.Limit, run.Requests, () => random.NextDouble() * random.NextDouble() * WorstLateness);
    }

    private static PacedRequest[] ToRequests(IEnumerable<int> gaps, IEnumerable<int> weights, IEnumerable<int> patience)
    {
        TimeSpan arrival = TimeSpan.Zero;
        return [.. gaps.Zip(weights, patience).Select(one =>
        {
            arrival += TimeSpan.FromMilliseconds(one.First);

            // The impatient ask for one permit: a larger request that gave up would have held up those behind it, as first come demands.
            return one.Third == Patient
                ? new PacedRequest(arrival, one.Second, TimeSpan.MaxValue)
                : new PacedRequest(arrival, 1, arrival + TimeSpan.FromMilliseconds(one.Third));
        })];
    }

    private static bool IsSpread(Limit limit) => limit.Period <= TimeSpan.FromMinutes(1);

    private static TimeSpan Window(Limit limit) => IsSpread(limit) ? limit.Period * Margin : limit.Period;

    private static TimeSpan Interval(Limit limit) => limit.Period * Margin / limit.Permits;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
