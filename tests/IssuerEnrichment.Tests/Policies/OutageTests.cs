using IssuerEnrichment.Tests.Clients;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class OutageTests
{
    private readonly LeapingClock _clock = new();
    private readonly IssuerEnrichmentOptions _options = new()
    {
        MaxConcurrency = 4,
        Timeout = new() { Attempt = LeapingClock.Fuse, Lookup = TimeSpan.FromDays(1) },
        Outage = new() { MinimumAttempts = 4, Patience = TimeSpan.FromSeconds(30) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookups_park_while_the_service_is_down_and_lose_nothing()
    {
        DateTimeOffset upAgain = _clock.GetUtcNow() + TimeSpan.FromSeconds(10);
        ScriptedIssuerClient client = new(id => _clock.GetUtcNow() < upAgain ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));

        // Probes that fail are attempts.
        _options.Retry.MaxAttempts = 20;
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        IEnrichmentRun run = enricher.Stream(Ids(200));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().HaveCount(200).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        (client.Attempts - 200).Should().BeLessThan(30, "a circuit that is open sends a probe a second");
        run.Report.Time.Gate.Should().BeGreaterThan(TimeSpan.FromSeconds(4));
        run.Report.LimitedBy.Should().Be(RunLimit.Outage);
    }

    [Fact]
    public async Task Parking_costs_no_attempt()
    {
        ScriptedIssuerClient client = new((id, attempt) => attempt <= 3 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        _options.Outage.MinimumAttempts = 2;
        _options.Outage.BreakDuration = TimeSpan.FromMinutes(1);
        _options.Outage.Patience = TimeSpan.FromHours(1);
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);

        EnrichmentOutcome outcome = (await RunAsync(enricher.Stream(["1"]))).Single();

        // Two attempts open the circuit, the third is a failed probe, the fourth a good one.
        outcome.Should().Match<EnrichmentOutcome>(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 4);
        outcome.Time.Gate.Should().BeGreaterThan(TimeSpan.FromSeconds(115));
        outcome.Time.Backoff.Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task An_outage_beyond_all_patience_ends_the_rest_as_not_attempted()
    {
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        IEnrichmentRun run = enricher.Stream(Ids(2_000));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().HaveCount(2_000);
        outcomes.Count(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Outage && outcome.Status == EnrichmentStatus.NotAttempted)
            .Should().BeGreaterThan(1_970);
        client.Attempts.Should().BeLessThan(80);
        run.Report.Should().Match<EnrichmentReport>(report => report.IsBalanced && report.LimitedBy == RunLimit.Outage);
    }

    [Fact]
    public async Task A_later_run_has_patience_of_its_own()
    {
        bool isUp = false;
        GatedIssuerClient probe = new() { Answer = id => isUp ? IssuerAnswer.Found([id]) : throw ServiceFailure.Transient() };
        IssuerEnricher enricher = IssuerEnricher.Create(probe, _options, _clock);
        probe.Open();
        await RunAsync(enricher.Stream(Ids(50)));
        _clock.Advance(TimeSpan.FromHours(1));
        isUp = true;

        List<EnrichmentOutcome> outcomes = await RunAsync(enricher.Stream(Ids(50)));

        outcomes.Should().HaveCount(50).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task Failures_that_follow_one_issuer_open_no_circuit()
    {
        ScriptedIssuerClient client = new(id => id == "7" ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        _options.Outage.MinimumAttempts = 20;
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);

        List<EnrichmentOutcome> outcomes = await RunAsync(enricher.Stream(Ids(100)));

        outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Should().ContainSingle().Which.IssuerId.Should().Be("7");
        client.Attempts.Should().Be(99 + 5);
    }

    [Fact]
    public async Task Throttling_is_no_outage()
    {
        ScriptedIssuerClient client = new((id, attempt) =>
            attempt == 1 ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(1)) : IssuerAnswer.Found([id]));
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        IEnrichmentRun run = enricher.Stream(Ids(20));

        (await RunAsync(run)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 2);
        run.Report.Time.Gate.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_deadline_ends_a_park()
    {
        FakeTimeProvider clock = new();
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        _options.Retry.BaseDelay = TimeSpan.Zero;
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, _options, clock)
            .Stream(Ids(100), new() { Deadline = TimeSpan.FromSeconds(10) }).ToListAsync(Token).AsTask();

        await clock.AdvanceUntilAsync(() => run.IsCompleted);

        List<EnrichmentOutcome> outcomes = await run;
        outcomes.Should().HaveCount(100);
        outcomes.Count(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Deadline).Should().BeGreaterThan(85);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(id => $"{id}");

    private static Task<List<EnrichmentOutcome>> RunAsync(IEnrichmentRun run) => run.ToListAsync(Token).AsTask().WithFuse();
}
