using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Journal;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class EnrichmentReportTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_what_became_of_the_inputs_and_what_was_sent()
    {
        ScriptedIssuerClient client = new((id, attempt) => id switch
        {
            "unknown" => IssuerAnswer.NotFound,
            "broken" => throw ServiceFailure.Permanent(),
            "flaky" when attempt < 3 => throw ServiceFailure.Transient(),
            _ => IssuerAnswer.Found([id]),
        });
        IEnrichmentRun run = IssuerEnricher.Create(client, new() { Retry = new() { BaseDelay = TimeSpan.Zero } })
            .Stream(["a", "a", "unknown", "broken", null, "flaky"]);

        await run.ToListAsync(Token);

        run.Report.Should().BeEquivalentTo(new
        {
            Inputs = 6,
            Enriched = 3,
            NotFound = 1,
            Invalid = 1,
            Failed = 1,
            NotAttempted = 0,
            Lookups = 4,
            Requests = 6,
            Retries = 2,
            IsBalanced = true,
        });
    }

    [Fact]
    public async Task Before_the_run_there_is_nothing_to_report()
    {
        IEnrichmentRun run = IssuerEnricher.Create(new EchoIssuerClient()).Stream(["1"]);

        run.Report.Should().Match<EnrichmentReport>(report => report.Inputs == 0 && report.Elapsed == TimeSpan.Zero && report.IsBalanced);
        await run.ToListAsync(Token);
        run.Report.Inputs.Should().Be(1);
    }

    [Fact]
    public async Task The_time_runs_from_the_first_input_read()
    {
        IEnrichmentStrategy strategy = Substitute.For<IEnrichmentStrategy>();
        strategy.Name.Returns("slow");
        strategy.RunAsync(default!, default, Token).ReturnsForAnyArgs(async call =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await foreach (IssuerLookup lookup in call.Arg<IAsyncEnumerable<IssuerLookup>>())
            {
                _clock.Advance(Latency);
                await lookup.RunAsync();
            }
        });
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(new EchoIssuerClient()).Services.AddSingleton(strategy), options => options.Strategy = "slow", _clock);
        IEnrichmentRun run = source.Enricher.Stream(["1", "2"]);

        await run.ToListAsync(Token);

        run.Report.Elapsed.Should().Be(2 * Latency);
    }

    [Fact]
    public async Task A_report_during_the_run_counts_the_outcomes_so_far()
    {
        IEnrichmentRun run = IssuerEnricher.Create(new EchoIssuerClient()).Stream(new TrackedSource(3));
        await using IAsyncEnumerator<EnrichmentOutcome> outcomes = run.GetAsyncEnumerator(Token);

        await outcomes.MoveNextAsync();

        run.Report.Enriched.Should().Be(1);
    }

    [Fact]
    public async Task A_run_is_enumerated_once()
    {
        IEnrichmentRun run = IssuerEnricher.Create(new EchoIssuerClient()).Stream(["1"]);
        await run.ToListAsync(Token);

        Func<Task> again = () => run.ToListAsync(Token).AsTask();

        await again.Should().ThrowAsync<InvalidOperationException>().WithMessage("*once*");
    }

    [Fact]
    public async Task One_at_a_time_is_limited_by_concurrency_and_takes_what_a_sequential_run_takes()
    {
        IEnrichmentRun run = SlowEnricher(new() { MaxConcurrency = 1 }).Stream(new TrackedSource(10));

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(Token);

        outcomes.Should().OnlyContain(outcome => outcome.Time.OnTheWire == Latency);
        run.Report.Elapsed.Should().Be(10 * Latency);
        run.Report.SequentialEstimate.Should().Be(10 * Latency);
        run.Report.Time.OnTheWire.Should().Be(10 * Latency);
        run.Report.LimitedBy.Should().Be(RunLimit.Concurrency);
        run.Report.Advice.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Fewer_lookups_than_places_are_limited_by_the_service()
    {
        IEnrichmentRun run = SlowEnricher(new() { MaxConcurrency = 10 }).Stream(["1"]);

        await run.ToListAsync(Token);

        run.Report.LimitedBy.Should().Be(RunLimit.Service);
    }

    [Fact]
    public async Task Places_that_wait_for_the_journal_are_taken_too()
    {
        LeapingClock clock = new();
        InMemoryJournal journal = new() { OnWrite = (_, cancellationToken) => Task.Delay(2 * Latency, clock, cancellationToken) };
        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            await Task.Delay(Latency, clock, cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        IEnrichmentRun run = IssuerEnricher.Create(client, new() { MaxConcurrency = 1 }, clock, journal: journal).Stream(["1", "2", "3", "4"]);

        await run.ToListAsync(Token).AsTask().WithTimeout();

        run.Report.LimitedBy.Should().Be(RunLimit.Concurrency);
    }

    [Fact]
    public async Task Where_nothing_was_asked_nothing_limited_the_run()
    {
        IEnrichmentRun run = IssuerEnricher.Create(new EchoIssuerClient()).Stream([" "]);

        await run.ToListAsync(Token);

        run.Report.Advice.Should().Be("The service was not asked at all.");
    }

    [Fact]
    public async Task Backoff_is_limited_by_retries()
    {
        LeapingClock clock = new();
        ScriptedIssuerClient client = new((id, attempt) => attempt < 4 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        IEnrichmentRun run = IssuerEnricher.Create(
            client, new() { Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) } }, clock).Stream(["1"]);

        EnrichmentOutcome outcome = (await run.ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Time.Backoff.Should().BePositive().And.Be(clock.Waits.Aggregate((sum, wait) => sum + wait));
        outcome.Time.Total.Should().Be(outcome.Time.Backoff);
        run.Report.LimitedBy.Should().Be(RunLimit.Retries);
    }

    [Fact]
    public async Task The_report_counts_the_successes_of_each_further_attempt()
    {
        LeapingClock clock = new();
        ScriptedIssuerClient client = new((id, attempt) => id == "lost" || attempt <= int.Parse(id) ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        IssuerEnrichmentOptions options = new()
        {
            MaxConcurrency = 1,
            Retry = new() { MaxAttempts = 4 },
            Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) },
        };
        IEnrichmentRun run = IssuerEnricher.Create(client, options, clock).Stream(["0", "0", "1", "00", "2", "000", "lost"]);

        await run.ToListAsync(Token).AsTask().WithTimeout();

        run.Report.AttemptReturns.Should().Equal(
            new AttemptReturn(1, Made: 6, Answered: 3),
            new AttemptReturn(2, Made: 3, Answered: 1),
            new AttemptReturn(3, Made: 2, Answered: 1),
            new AttemptReturn(4, Made: 1, Answered: 0));
        run.Report.Requests.Should().BeInRange(12, 13, "one that was answered may be asked again to tell whether the service is up");
    }

    [Fact]
    public async Task The_wait_for_another_input_s_lookup_is_time_in_the_queue()
    {
        GatedIssuerClient client = new();
        Task<List<EnrichmentOutcome>> run = IssuerEnricher.Create(client, timeProvider: _clock)
            .Stream(["1", "1"], new() { Ordered = true }).ToListAsync(Token).AsTask();
        await client.ReachInFlightAsync(1);
        _clock.Advance(Latency);
        client.Open();

        EnrichmentOutcome shared = (await run.WithTimeout())[1];

        shared.IsShared.Should().BeTrue();
        shared.Requests.Should().Be(0);
        shared.Time.Should().Match<LookupTime>(time => time.Queued <= Latency && time.OnTheWire == TimeSpan.Zero);
    }

    [Fact]
    public async Task Progress_is_told_of_every_outcome()
    {
        List<EnrichmentProgress> progress = [];

        await SlowEnricher(new() { MaxConcurrency = 1 }).Stream(["1", null, "2", "3"], new() { Progress = new Collector(progress) }).ToListAsync(Token);

        progress.Select(step => step.Settled).Should().Equal(1, 2, 3, 4);
        progress.Should().OnlyContain(step => step.Total == 4);
        progress[^1].Should().Be(new EnrichmentProgress(4, 4, Enriched: 3, Failed: 1, 3 * Latency));
        progress[^1].Remaining.Should().Be(TimeSpan.Zero);
        progress[1].Remaining.Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_sequence_that_does_not_say_its_length_has_no_total()
    {
        List<EnrichmentProgress> progress = [];

        await SlowEnricher(new()).Stream(new TrackedSource(2), new() { Progress = new Collector(progress) }).ToListAsync(Token);

        progress.Should().HaveCount(2).And.OnlyContain(step => step.Total == null && step.Remaining == null);
    }

    private IssuerEnricher SlowEnricher(IssuerEnrichmentOptions options) => IssuerEnricher.Create(
        new ScriptedIssuerClient(id =>
        {
            _clock.Advance(Latency);
            return IssuerAnswer.Found([id]);
        }),
        options,
        _clock);

    // Progress<T> posts to a synchronization context, so its order is not that of the outcomes.
    private sealed class Collector(List<EnrichmentProgress> progress) : IProgress<EnrichmentProgress>
    {
        public void Report(EnrichmentProgress value) => progress.Add(value);
    }
}
