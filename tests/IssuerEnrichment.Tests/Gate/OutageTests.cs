using IssuerEnrichment.Tests.Clients;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Gate;

public sealed class OutageTests
{
    private readonly LeapingClock _clock = new();
    private readonly IssuerEnrichmentOptions _options = new()
    {
        MaxConcurrency = 4,
        Timeout = new() { Attempt = LeapingClock.Fuse, Lookup = TimeSpan.FromDays(1) },
        Gate = new() { FailuresInARow = 3, Patience = TimeSpan.FromSeconds(60) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookups_wait_while_the_service_is_down_and_none_is_lost()
    {
        DateTimeOffset upAgain = _clock.GetUtcNow() + TimeSpan.FromSeconds(20);
        TaskCompletionSource allThere = new();
        int requests = 0;
        ScriptedIssuerClient client = ScriptedIssuerClient.Async(async (id, _) =>
        {
            if (Interlocked.Increment(ref requests) == _options.MaxConcurrency)
                allThere.SetResult();
            await allThere.Task;
            return _clock.GetUtcNow() < upAgain ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]);
        });
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(200));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().HaveCount(200).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        (client.Attempts - 200).Should().BeLessThan(20, "a service that is down sees probes only");
        run.Report.Time.Gate.Should().BeGreaterThan(TimeSpan.FromSeconds(20));
        run.Report.LimitedBy.Should().Be(RunLimit.Outage);
    }

    [Fact]
    public async Task Waiting_and_probing_spend_no_attempt_of_the_retry()
    {
        _options.MaxConcurrency = 1;
        _options.Retry.MaxAttempts = 2;
        int requests = 0;
        ScriptedIssuerClient client = new(id => ++requests <= 12 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(20));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        // Two issuers fail by two attempts each; with the third the service counts as down.
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Failed).Should().Be(2);
        outcomes.Single(outcome => outcome.Attempts > 2).Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task An_outage_beyond_all_patience_ends_the_rest_as_not_attempted()
    {
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(2_000));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().HaveCount(2_000).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Outage);
        client.Attempts.Should().BeLessThan(30);
        run.Report.Should().Match<EnrichmentReport>(report => report.IsBalanced && report.LimitedBy == RunLimit.Outage);
    }

    [Fact]
    public async Task A_later_run_has_patience_of_its_own()
    {
        bool isUp = false;
        GatedIssuerClient client = new() { Answer = id => isUp ? IssuerAnswer.Found([id]) : throw ServiceFailure.Transient() };
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        client.Open();
        await RunAsync(enricher.Stream(Ids(50)));
        _clock.Advance(TimeSpan.FromHours(1));
        isUp = true;

        List<EnrichmentOutcome> outcomes = await RunAsync(enricher.Stream(Ids(50)));

        outcomes.Should().HaveCount(50).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task Failures_that_follow_one_issuer_are_no_outage()
    {
        ScriptedIssuerClient client = new(id => id == "7" ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));

        List<EnrichmentOutcome> outcomes = await RunAsync(IssuerEnricher.Create(client, _options, _clock).Stream(Ids(100)));

        outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Should().ContainSingle().Which.IssuerId.Should().Be("7");
        client.Attempts.Should().Be(99 + 5);
    }

    [Fact]
    public async Task A_refusal_closes_the_gate_for_everybody_and_spends_no_attempt()
    {
        _options.MaxConcurrency = 1;
        _options.Retry.MaxAttempts = 1;
        List<DateTimeOffset> asked = [];
        ScriptedIssuerClient client = new(id =>
        {
            asked.Add(_clock.GetUtcNow());
            return asked.Count == 1 ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(90)) : IssuerAnswer.Found([id]);
        });
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(3));

        (await RunAsync(run)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);

        (asked[1] - asked[0]).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(90)).And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(99.01));
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);
        run.Report.Time.Gate.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task A_stop_while_the_probe_waits_for_the_pace_leaves_the_gate_usable()
    {
        FakeTimeProvider clock = new();
        bool refuses = true;
        ScriptedIssuerClient client = new(id => refuses ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(1)) : IssuerAnswer.Found([id]));
        IssuerEnricher enricher = IssuerEnricher.Create(
            client, new() { MaxConcurrency = 2, RateLimit = RateLimit.Of(1, TimeSpan.FromSeconds(60)) }, clock);
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> first = enricher.Stream(Ids(2), new() { Stop = stop.Token }).ToListAsync(Token).AsTask();
        await ReachAttemptsAsync(1).WithFuse();
        refuses = false;

        // The gate opens after a second or so; the pace lets the probe go after a minute.
        clock.Advance(TimeSpan.FromSeconds(5));
        await stop.CancelAsync();
        await first.WithFuse();
        Task<List<EnrichmentOutcome>> second = enricher.Stream(Ids(2)).ToListAsync(Token).AsTask();
        await clock.AdvanceUntilAsync(() => second.IsCompleted);

        (await second).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);

        async Task ReachAttemptsAsync(int attempts)
        {
            while (client.Attempts < attempts)
                await Task.Yield();
        }
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_for_a_service_that_is_down()
    {
        FakeTimeProvider clock = new();
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, _options, clock)
            .Stream(Ids(100), new() { Deadline = TimeSpan.FromSeconds(10) }).ToListAsync(Token).AsTask();

        await clock.AdvanceUntilAsync(() => run.IsCompleted);

        (await run).Should().HaveCount(100).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(id => $"{id}");

    private static Task<List<EnrichmentOutcome>> RunAsync(IEnrichmentRun run) => run.ToListAsync(Token).AsTask().WithFuse();
}
