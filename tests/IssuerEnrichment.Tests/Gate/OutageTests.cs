using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Enrichment;
using IssuerEnrichment.Tests.Registration;
using IssuerEnrichment.Throttling;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Gate;

public sealed class OutageTests
{
    private readonly LeapingClock _clock = new() { IsLongWait = wait => wait > TimeSpan.FromSeconds(10) };
    private readonly IssuerEnrichmentOptions _options = new()
    {
        MaxConcurrency = 1,
        Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) },
        Gate = new() { FailuresInARow = 3, MaxProbeDelay = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(60) },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookups_wait_while_the_service_is_down()
    {
        DateTimeOffset upAgain = _clock.GetUtcNow() + TimeSpan.FromSeconds(20);
        ScriptedIssuerClient client = new(id => _clock.GetUtcNow() < upAgain ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(200));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        (client.Attempts - 200).Should().BeLessThan(30, "a service that is down sees probes only");
        run.Report.Time.Gate.Should().BeGreaterThan(TimeSpan.FromSeconds(10));
        run.Report.LimitedBy.Should().Be(RunLimit.Outage);
    }

    [Fact]
    public async Task Waiting_and_probing_spend_no_attempt_of_the_retry()
    {
        _options.Retry.MaxAttempts = 2;
        int requests = 0;
        ScriptedIssuerClient client = new(id => ++requests <= 7 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(20));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task An_outage_beyond_all_patience_ends_the_rest_as_not_attempted()
    {
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(2_000));

        List<EnrichmentOutcome> outcomes = await RunAsync(run);

        outcomes.Should().HaveCount(2_000);
        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Outage);
        outcomes[0].Error!.Message.Should().Be("The service gave no good answer for longer than 60 s (Gate.Patience). The service failed.");
        client.Attempts.Should().BeLessThan(40);
        run.Report.Should().Match<EnrichmentReport>(report => report.IsBalanced && report.LimitedBy == RunLimit.Outage);
    }

    [Fact]
    public async Task A_later_run_has_patience_of_its_own()
    {
        _options.MaxConcurrency = 4;
        bool isUp = false;
        TaskCompletionSource probe = new();
        IssuerEnricher enricher = IssuerEnricher.Create(
            new ScriptedIssuerClient(async (id, _, _) =>
            {
                if (!isUp)
                    throw ServiceFailure.Transient();
                await probe.Task;
                return IssuerAnswer.Found([id]);
            }),
            _options,
            _clock);
        await RunAsync(enricher.Stream(Ids(50)));
        _clock.Advance(TimeSpan.FromHours(1));
        isUp = true;

        TrackedSource ids = new(50);
        Task<List<EnrichmentOutcome>> run = RunAsync(enricher.Stream(ids));
        await ids.ReachAsync(1);
        probe.SetResult();

        (await run).Should().HaveCount(50).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task Failures_that_follow_one_issuer_are_no_outage()
    {
        ScriptedIssuerClient client = new(id => id == "7" ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));

        List<EnrichmentOutcome> outcomes = await RunAsync(IssuerEnricher.Create(client, _options, _clock).Stream(Ids(100)));

        outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Should().ContainSingle().Which.IssuerId.Should().Be("7");
        client.Attempts.Should().BeInRange(99 + 5, 99 + 6, "one that was answered may be asked again, where no other is left");
    }

    [Fact]
    public async Task A_row_of_bad_issuers_fails_those_and_no_other()
    {
        _options.Gate = new GateOptions();
        ScriptedIssuerClient client = new(id => int.Parse(id) is > 100 and <= 110 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));

        List<EnrichmentOutcome> outcomes = await RunAsync(IssuerEnricher.Create(client, _options, _clock).Stream(Ids(1_000)));

        outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Failed).Select(outcome => int.Parse(outcome.IssuerId!))
            .Should().BeEquivalentTo(Enumerable.Range(101, 10));
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().Be(990);
    }

    [Fact]
    public async Task A_throttled_request_closes_the_gate_for_all_lookups_and_spends_no_attempt()
    {
        _options.Retry.MaxAttempts = 1;
        List<DateTimeOffset> asked = [];
        ScriptedIssuerClient client = new(id =>
        {
            asked.Add(_clock.GetUtcNow());
            return asked.Count == 1 ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(8)) : IssuerAnswer.Found([id]);
        });
        IEnrichmentRun run = IssuerEnricher.Create(client, _options, _clock).Stream(Ids(3));

        (await RunAsync(run)).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);

        (asked[1] - asked[0]).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(8)).And.BeLessThan(TimeSpan.FromSeconds(9));
        run.Report.LimitedBy.Should().Be(RunLimit.Rate);
        run.Report.Time.Gate.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_stop_while_the_probe_waits_for_the_pace_leaves_the_gate_usable()
    {
        FakeTimeProvider clock = new();
        ScriptedIssuerClient client = new((id, attempt) =>
            attempt == 1 ? throw ServiceFailure.Throttled(TimeSpan.FromSeconds(1)) : IssuerAnswer.Found([id]));
        await using PacingRateLimiter limiter = new(RateLimit.Of(2, TimeSpan.FromHours(1)), clock);
        await using Source source = Source.Of(builder => builder.AddIssuerClient(client).UseRateLimiter(_ => limiter), options => options.MaxConcurrency = 1, clock);
        await limiter.AcquireAsync(1, Token);
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> first = source.Enricher.Stream(["1"], new() { Stop = stop.Token }).ToListAsync(Token).AsTask();
        await clock.AdvanceUntilAsync(() => limiter.GetStatistics()!.CurrentQueuedCount == 1);
        await stop.CancelAsync();
        await first.WithTimeout();

        clock.Advance(TimeSpan.FromHours(1));

        EnrichmentOutcome outcome = (await RunAsync(source.Enricher.Stream(["1"]))).Single();
        outcome.Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_for_a_service_that_is_down()
    {
        FakeTimeProvider clock = new();
        ScriptedIssuerClient client = new(_ => throw ServiceFailure.Transient());
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, _options, clock)
            .Stream(Ids(100), new() { Deadline = TimeSpan.FromSeconds(10) }).ToListAsync(Token).AsTask();

        await clock.AdvanceUntilAsync(() => run.IsCompleted);

        List<EnrichmentOutcome> outcomes = await run;
        outcomes.Should().HaveCount(100);
        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(id => $"{id}");

    private static Task<List<EnrichmentOutcome>> RunAsync(IEnrichmentRun run) => run.ToListAsync(Token).AsTask().WithTimeout();
}
