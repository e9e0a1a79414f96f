using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Journal;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Planning;

/// <summary>What a run would take, said before it begins.</summary>
public sealed class EnrichmentPlanTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);

    private readonly InMemoryJournal _journal = new();

    [Fact]
    public async Task A_thousand_issuers_at_sixty_requests_a_minute_take_at_least_17_minutes()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(1_000), new() { RateLimit = RateLimit.PerMinute(60) });

        plan.Requests.Should().Be(new PlannedRequests(
            "one request for each issuer", 1_000, 1_000, 999 * TimeSpan.FromSeconds(1.01), 999 * TimeSpan.FromSeconds(1.01)));
        plan.Requests.ToString().Should().Be("one request for each issuer: 1,000 requests, 17 min");
        plan.LimitedBy.Should().Be(RunLimit.Rate);
        plan.Advice.Should().Be("The rate limit of 60/1m sets the time, as long as an answer takes no more than 8.1 s.");
    }

    [Fact]
    public async Task Without_a_rate_limit_places_and_latency_set_the_time()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(1_000), new() { MaxConcurrency = 8 }, latency: Latency);

        plan.Requests.LeastTime.Should().Be(TimeSpan.Zero);
        plan.Requests.ExpectedTime.Should().Be(125 * Latency);
        plan.Requests.ToString().Should().Be("one request for each issuer: 1,000 requests, 13 s");
        plan.LimitedBy.Should().Be(RunLimit.Concurrency);
        plan.Advice.Should().Contain("MaxConcurrency");
    }

    [Theory]
    [InlineData(10, RunLimit.Rate)]
    [InlineData(1_000, RunLimit.Concurrency)]
    public async Task The_slower_of_rate_and_concurrency_sets_the_time(int perSecond, RunLimit limit)
    {
        EnrichmentPlan plan = await PlanAsync(Ids(1_000), new() { MaxConcurrency = 8, RateLimit = RateLimit.PerSecond(perSecond) }, latency: Latency);

        plan.LimitedBy.Should().Be(limit);
        plan.Requests.ExpectedTime.Should().BeGreaterThanOrEqualTo(125 * Latency);
    }

    [Fact]
    public async Task Where_nothing_is_known_that_takes_time_no_time_is_said()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(1_000), new());

        plan.Requests.ExpectedTime.Should().BeNull();
        plan.Requests.ToString().Should().EndWith("time not known");
    }

    [Fact]
    public async Task Few_issuers_all_have_a_place_at_once()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(8), new() { MaxConcurrency = 8 }, latency: Latency);

        plan.Requests.ExpectedTime.Should().Be(Latency);
        plan.LimitedBy.Should().Be(RunLimit.Service);
    }

    [Fact]
    public async Task The_sequential_strategy_has_one_place()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(10), new(), new() { Strategy = EnrichmentStrategyName.Sequential }, Latency);

        plan.Requests.ExpectedTime.Should().Be(10 * Latency);
        plan.Advice.Should().Contain("one at a time");
    }

    [Fact]
    public async Task What_the_deadline_leaves_no_time_for_is_counted()
    {
        EnrichmentPlan plan = await PlanAsync(
            Ids(1_000), new() { RateLimit = RateLimit.PerSecond(10) }, new() { Deadline = TimeSpan.FromSeconds(10.1) });

        plan.BeyondDeadline.Should().Be(1_000 - 101);
        plan.Advice.Should().EndWith("The deadline of 10 s leaves no time for 899 of the issuers.");
    }

    [Fact]
    public async Task A_deadline_far_enough_away_leaves_time_for_all()
    {
        EnrichmentPlan plan = await PlanAsync(
            Ids(1_000), new() { RateLimit = RateLimit.PerSecond(10) }, new() { Deadline = TimeSpan.FromMinutes(2) });

        plan.BeyondDeadline.Should().Be(0);
        plan.Advice.Should().NotContain("deadline");
    }

    [Fact]
    public async Task A_plan_without_issuers_takes_no_time()
    {
        EnrichmentPlan plan = await PlanAsync([null, " "], new() { RateLimit = RateLimit.PerMinute(60) });

        plan.Should().Match<EnrichmentPlan>(p => p.Inputs == 2 && p.Invalid == 2 && p.Issuers == 0 && p.Requests.Expected == 0);
        plan.Requests.ExpectedTime.Should().Be(TimeSpan.Zero);
        plan.Advice.Should().Be("No requests are needed.");
    }

    [Fact]
    public async Task Full_batches_are_expected_of_a_batch_client_which_is_not_asked()
    {
        ScriptedBatchClient client = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(client, new() { Batch = { MaxSize = 100 } });

        EnrichmentPlan plan = await enricher.PlanAsync(Ids(1_001), cancellationToken: TestContext.Current.CancellationToken);
        EnrichmentPlan oneByOne = await enricher.PlanAsync(
            Ids(1_001), new() { Strategy = EnrichmentStrategyName.Sequential }, cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.Expected.Should().Be(11);
        oneByOne.Requests.Expected.Should().Be(1_001);
        client.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_client_may_say_itself_what_it_takes_and_what_else_would_do()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new TwoPageClient(), new() { RateLimit = RateLimit.PerSecond(1) });

        EnrichmentPlan plan = await enricher.PlanAsync(Ids(10), cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.ToString().Should().Be("in pages: 10 to 20 requests, 9.1 s to 19 s");
        plan.Alternatives.Should().ContainSingle().Which.ToString().Should().Be("by post: 1 request, 0 s");
    }

    [Fact]
    public async Task What_the_journal_knows_is_not_asked_for()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient(), journal: _journal);
        EnrichmentRunOptions first = new() { Journal = new() { Run = "first" } };
        await enricher.Stream(Ids(3), first).CountAsync(TestContext.Current.CancellationToken);

        EnrichmentPlan again = await enricher.PlanAsync(Ids(5), first, cancellationToken: TestContext.Current.CancellationToken);
        EnrichmentPlan other = await enricher.PlanAsync(Ids(5), cancellationToken: TestContext.Current.CancellationToken);

        again.Should().Match<EnrichmentPlan>(p => p.Known == 3 && p.Issuers == 2 && p.Requests.Expected == 2);
        other.Known.Should().Be(0);
        _journal.IsOpen.Should().BeFalse();
        _journal.Records.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_told_of()
    {
        _journal.OnFind = _ => throw new EnrichmentJournalException("It is damaged.");
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient(), journal: _journal);

        Func<Task> plan = () => enricher.PlanAsync(Ids(5), cancellationToken: TestContext.Current.CancellationToken);

        await plan.Should().ThrowAsync<EnrichmentJournalException>().WithMessage("It is damaged.");
        _journal.IsOpen.Should().BeFalse();
    }

    [Fact]
    public async Task A_time_that_nobody_will_live_to_see_is_said_all_the_same()
    {
        EnrichmentPlan plan = await PlanAsync(Ids(100_000), new() { RateLimit = RateLimit.Of(1, TimeSpan.FromDays(31)) });

        plan.Requests.LeastTime.Should().BeGreaterThan(TimeSpan.FromDays(365 * 1_000));
        plan.LimitedBy.Should().Be(RunLimit.Rate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_earlier_runs_used_up_of_a_quota_counts(int issuers)
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new EchoIssuerClient(), new() { RateLimit = RateLimit.Of(8, TimeSpan.FromHours(1)) }, new FakeTimeProvider());
        await enricher.Stream(Ids(8)).CountAsync(TestContext.Current.CancellationToken);

        EnrichmentPlan plan = await enricher.PlanAsync(Ids(issuers), cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.LeastTime.Should().Be(TimeSpan.FromHours(1));
        plan.LimitedBy.Should().Be(RunLimit.Rate);
        plan.Advice.Should().Contain("8/1h");
    }

    [Fact]
    public async Task Latency_is_learned_from_earlier_runs()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());
        await enricher.Stream(Ids(100)).CountAsync(TestContext.Current.CancellationToken);

        EnrichmentPlan plan = await enricher.PlanAsync(Ids(1_000), cancellationToken: TestContext.Current.CancellationToken);

        plan.Requests.ExpectedTime.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Misuse_throws_at_once()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());

        await FluentActions.Awaiting(() => enricher.PlanAsync((IEnumerable<string>)null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(() => enricher.PlanAsync(Ids(1), typicalLatency: -Latency)).Should().ThrowAsync<ArgumentOutOfRangeException>();
        await FluentActions.Awaiting(() => enricher.PlanAsync(Ids(1), new() { Strategy = "psychic" })).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Reading_can_be_cancelled()
    {
        using CancellationTokenSource patience = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());

        Func<Task> plan = () => enricher.PlanAsync(Endless(), cancellationToken: patience.Token).WithTimeout();

        await plan.Should().ThrowAsync<OperationCanceledException>();

        IEnumerable<string> Endless()
        {
            for (int read = 0; ; read++)
            {
                if (read == 10)
                    patience.Cancel();
                yield return "1";
            }
        }
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(id => $"{id}");

    private static async Task<EnrichmentPlan> PlanAsync(
        IEnumerable<string?> ids, IssuerEnrichmentOptions options, EnrichmentRunOptions? run = null, TimeSpan? latency = null)
    {
        GatedIssuerClient client = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(client, options, new FakeTimeProvider());
        EnrichmentPlan plan = await enricher.PlanAsync(ids, run, latency, TestContext.Current.CancellationToken);
        client.Asked.Should().BeEmpty();
        return plan;
    }

    private sealed class TwoPageClient : IIssuerClient, IRequestEstimate
    {
        public RequestEstimate EstimateRequests(long issuers, int batchSize) => new("in pages", issuers, 2 * issuers)
        {
            Alternatives = [new("by post", 1, 1)],
        };

        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
