using System.Globalization;
using CsCheck;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Planning;

/// <summary>What holds for any inputs and any limits: the plan says what the run then does.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class PlanProperties
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);

    private static readonly Gen<RateLimit> Spread = Gen.Select(Gen.Int[1, 200], Gen.OneOf(100, 1_000, 60_000)).Select(Limit);

    private static readonly Gen<RateLimit> Quota = Gen.Select(Gen.Int[1, 60], Gen.OneOf(60_001, 600_000, 3_600_000)).Select(Limit);

    private static readonly Gen<RateLimit> OneOfEach = Gen.OneOf(
        Spread, Quota, Gen.Select(Spread, Quota, (spread, quota) => spread.And(quota)));

    private static readonly Gen<string?> Id = Gen.Frequency(
        (8, Gen.Int[0, 12].Select(number => (string?)number.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.Const((string?)null)),
        (1, Gen.Const((string?)"a\tb")));

    [Fact]
    public void The_least_time_is_that_of_a_schedule_with_one_quota_and_never_more_than_that_of_any() =>
        Gen.Select(Spread.Array[0, 2], Quota.Array[1, 3], Gen.Int[1, 300]).Sample((spread, quotas, requests) =>
        {
            RateLimit limit = spread.Concat(quotas).Aggregate((one, other) => one.And(other));
            long last = 0;
            CombinedSchedule schedule = new(limit);
            for (int started = 0; started < requests; started++)
            {
                last = schedule.Earliest(1, since: 0);
                schedule.TryTake(1, since: 0, now: last).Should().BeTrue();
            }

            long least = new CombinedSchedule(limit).LeastSpan(requests);
            least.Should().BeLessThanOrEqualTo(last);
            if (quotas.Length == 1)
                least.Should().Be(last);
        });

    [Fact]
    public async Task A_run_takes_no_less_than_the_plan_says_and_hardly_more() =>
        await Gen.Select(OneOfEach, Gen.Int[1, 120]).SampleAsync(CheckTimeAsync, iter: 30, threads: 1);

    [Fact]
    public async Task A_run_asks_for_as_many_issuers_as_the_plan_says() =>
        await Gen.Select(Id.Array[0, 40], Gen.Int[0, 5]).SampleAsync(CheckCountsAsync, iter: 200, threads: 1);

    private static async Task CheckTimeAsync(RateLimit limit, int issuers)
    {
        EventClock clock = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new SlowClient(clock), new() { RateLimit = limit, MaxConcurrency = issuers, Timeout = { Adaptive = false } }, clock);
        IEnumerable<string> ids = Enumerable.Range(1, issuers).Select(id => $"{id}");

        EnrichmentPlan plan = await enricher.PlanAsync(ids, typicalLatency: Latency, cancellationToken: TestContext.Current.CancellationToken);
        IEnrichmentRun run = enricher.Stream(ids);
        await clock.RunAsync(run.CountAsync(TestContext.Current.CancellationToken).AsTask());

        run.Report.Requests.Should().Be(plan.Requests.Expected);
        run.Report.Elapsed.Should().BeGreaterThanOrEqualTo(plan.Requests.LeastTime);

        // All others wait for the first answer, the next request keeps its distance from it, and each round of a quota begins when the previous one did.
        // The rate is 2 % below the limit, which takes 1/0.98 of the time.
        TimeSpan interval = plan.Requests.LeastTime / Math.Max(1, issuers - 1);
        TimeSpan late = Latency + interval + TimeSpan.FromSeconds(0.25) + (plan.Requests.ExpectedTime!.Value * ((1 / 0.98) - 1));
        run.Report.Elapsed.Should().BeLessThanOrEqualTo(plan.Requests.ExpectedTime.Value + late);
    }

    private static async Task CheckCountsAsync(string?[] ids, int heldVerdicts)
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new EchoIssuerClient(), new() { Strategy = EnrichmentStrategyName.Sequential, Bounds = { HeldVerdicts = heldVerdicts } });

        EnrichmentPlan plan = await enricher.PlanAsync(ids, cancellationToken: TestContext.Current.CancellationToken);
        IEnrichmentRun run = enricher.Stream(ids);
        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();

        plan.Inputs.Should().Be(run.Report.Inputs);
        plan.Invalid.Should().Be(run.Report.Invalid);
        plan.Issuers.Should().Be(run.Report.Lookups);
        plan.Duplicates.Should().Be(outcomes.Count(outcome => outcome.IsShared));
    }

    private static RateLimit Limit(int permits, int milliseconds) => RateLimit.Of(permits, TimeSpan.FromMilliseconds(milliseconds));

    private sealed class SlowClient(TimeProvider clock) : IIssuerClient
    {
        public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
        {
            await Task.Delay(Latency, clock, cancellationToken);
            return IssuerAnswer.Found([issuerId]);
        }
    }
}
