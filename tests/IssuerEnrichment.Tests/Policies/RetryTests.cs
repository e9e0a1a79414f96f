using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Runs;
using IssuerEnrichment.Strategies;
using IssuerEnrichment.Telemetry;
using IssuerEnrichment.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class RetryTests
{
    private readonly LeapingClock _clock = new();
    private readonly IssuerEnrichmentOptions _options = new()
    {
        Timeout = new() { Attempt = LeapingClock.LongWait, Adaptive = false, Lookup = TimeSpan.FromDays(1) },
        Retry = new() { Budget = 10 },
    };

    private double _chance = 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transient_failure_is_tried_again_until_it_succeeds()
    {
        EnrichmentOutcome outcome = await EnrichAsync((id, attempt) => attempt < 4 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));

        outcome.Should().Match<EnrichmentOutcome>(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 4);
        outcome.Error.Should().BeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Attempts_are_counted_the_first_included(int maxAttempts)
    {
        _options.Retry.MaxAttempts = maxAttempts;

        EnrichmentOutcome outcome = await EnrichAsync((_, _) => throw ServiceFailure.Transient());

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Attempts == maxAttempts && outcome.Requests == maxAttempts);
        outcome.Error!.HttpStatus.Should().Be(500);
        _clock.Waits.Should().HaveCount(maxAttempts - 1);
    }

    [Theory]
    [MemberData(nameof(PermanentFailures))]
    public async Task A_permanent_failure_is_not_tried_again(Exception failure, EnrichmentErrorKind kind)
    {
        EnrichmentOutcome outcome = await EnrichAsync((_, _) => throw failure);

        outcome.Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Attempts == 1 && outcome.Error!.Kind == kind);
        outcome.Error!.Exception!.GetBaseException().Should().BeSameAs(failure);
        _clock.Waits.Should().BeEmpty();
    }

    public static TheoryData<Exception, EnrichmentErrorKind> PermanentFailures => new()
    {
        { ServiceFailure.Permanent(), EnrichmentErrorKind.Rejected },
        { new HttpRequestException("", null, System.Net.HttpStatusCode.Gone), EnrichmentErrorKind.Rejected },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), EnrichmentErrorKind.AnswerTooLarge },
        { new InvalidCastException(), EnrichmentErrorKind.Fault },
        { new ArgumentException("x"), EnrichmentErrorKind.Fault },
    };

    [Theory]
    [MemberData(nameof(TransientFailures))]
    public async Task A_failure_of_network_time_or_answer_is_tried_again(Exception failure, EnrichmentErrorKind kind)
    {
        EnrichmentOutcome outcome = await EnrichAsync((_, _) => throw failure);

        outcome.Should().Match<EnrichmentOutcome>(outcome => outcome.Attempts == 5 && outcome.Error!.Kind == kind);
    }

    public static TheoryData<Exception, EnrichmentErrorKind> TransientFailures => new()
    {
        { new HttpRequestException("reset"), EnrichmentErrorKind.Network },
        { new IOException("broken pipe"), EnrichmentErrorKind.Network },
        { new System.Net.Sockets.SocketException(), EnrichmentErrorKind.Network },
        { new TimeoutException(), EnrichmentErrorKind.Timeout },
        { new OperationCanceledException(), EnrichmentErrorKind.Timeout },
        { new System.Text.Json.JsonException(), EnrichmentErrorKind.UnexpectedAnswer },
        { new HttpRequestException("", null, System.Net.HttpStatusCode.RequestTimeout), EnrichmentErrorKind.ServiceError },
        { new HttpRequestException("", null, System.Net.HttpStatusCode.BadGateway), EnrichmentErrorKind.ServiceError },
    };

    [Fact]
    public async Task Not_found_is_an_answer_and_not_tried_again() =>
        (await EnrichAsync((_, _) => IssuerAnswer.NotFound)).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotFound && outcome.Attempts == 1 && outcome.Source == EnrichmentSource.Service && outcome.Isins == null);

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(0.25)]
    public async Task Waits_are_drawn_below_a_bound_that_doubles(double chance)
    {
        _chance = chance;
        _options.Retry.MaxAttempts = 7;

        await EnrichAsync((_, _) => throw ServiceFailure.Transient());

        _clock.Waits.Select(wait => wait.TotalMilliseconds / chance).Should().Equal(100, 200, 400, 800, 1_600, 3_200);
    }

    [Fact]
    public async Task An_hour_of_retries_stays_below_the_longest_wait()
    {
        _options.Retry.MaxAttempts = 100;

        EnrichmentOutcome outcome = await EnrichAsync((_, _) => throw ServiceFailure.Transient());

        _clock.Waits.Should().HaveCount(99).And.OnlyContain(wait => wait <= TimeSpan.FromSeconds(20));
        outcome.Time.Backoff.Should().BeGreaterThan(TimeSpan.FromMinutes(30)).And.Be(_clock.Waits.Aggregate((sum, wait) => sum + wait));
    }

    [Fact]
    public async Task A_wait_that_would_outlast_the_deadline_is_not_begun()
    {
        _options.Retry.BaseDelay = TimeSpan.FromMinutes(5);
        _options.Retry.MaxDelay = TimeSpan.FromMinutes(5);
        using IssuerEnricher enricher = Create(new ScriptedIssuerClient((_, _) => throw ServiceFailure.Transient()), new FakeTimeProvider());

        EnrichmentOutcome outcome = await EnrichAsync(enricher, new() { Deadline = TimeSpan.FromMinutes(1) });

        outcome.Status.Should().Be(EnrichmentStatus.NotAttempted);
        outcome.Error.Should().Match<EnrichmentError>(error => error.Kind == EnrichmentErrorKind.Deadline && error.HttpStatus == 500);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_ends_a_wait_for_the_retry_budget(bool ordered)
    {
        FakeTimeProvider clock = new();
        ScriptedIssuerClient client = new((_, _) => throw ServiceFailure.Transient());
        using CancellationTokenSource stop = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(
            client,
            new()
            {
                MaxConcurrency = 40,
                Retry = new() { BaseDelay = TimeSpan.Zero, Budget = 0 },
                Gate = new() { FailuresInARow = 1_000 },
            },
            clock);
        Task<List<EnrichmentOutcome>> run = enricher
            .Stream(Enumerable.Range(0, 40).Select(id => $"{id}"), new() { Stop = stop.Token, Ordered = ordered }).ToListAsync(Token).AsTask();
        await ReachAttemptsAsync(50).WithTimeout();

        await stop.CancelAsync();

        (await run.WithTimeout()).Should().HaveCount(40).And.OnlyContain(outcome => outcome.Error!.Kind == EnrichmentErrorKind.Stopped || outcome.Attempts == 5);

        // Forty first attempts, and the ten retries that the budget has to begin with.
        async Task ReachAttemptsAsync(int attempts)
        {
            while (client.Attempts < attempts)
                await Task.Yield();
        }
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_a_client_fails_has_no_verdict()
    {
        using CancellationTokenSource stop = new();
        using IssuerEnricher enricher = Create(
            new ScriptedIssuerClient((_, _) =>
            {
                stop.Cancel();
                throw new IOException("The client's way to say that it was cancelled.");
            }),
            _clock);

        EnrichmentOutcome outcome = await EnrichAsync(enricher, new() { Stop = stop.Token });

        outcome.Status.Should().Be(EnrichmentStatus.NotAttempted);
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Stopped);
        outcome.Attempts.Should().Be(1);
    }

    [Fact]
    public async Task A_stop_ends_a_backoff_at_once()
    {
        TaskCompletionSource failed = new();
        using CancellationTokenSource stop = new();
        using IssuerEnricher enricher = Create(
            new ScriptedIssuerClient((_, _) =>
            {
                failed.SetResult();
                throw ServiceFailure.Transient();
            }),
            new FakeTimeProvider());
        Task<EnrichmentOutcome> run = EnrichAsync(enricher, new() { Stop = stop.Token });
        await failed.Task.WithTimeout();

        await stop.CancelAsync();

        (await run).Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Stopped);
    }

    private async Task<EnrichmentOutcome> EnrichAsync(Func<string, int, IssuerAnswer> script)
    {
        using IssuerEnricher enricher = Create(new ScriptedIssuerClient(script), _clock);
        return await EnrichAsync(enricher, null);
    }

    private static async Task<EnrichmentOutcome> EnrichAsync(IssuerEnricher enricher, EnrichmentRunOptions? options) =>
        (await enricher.Stream(["1"], options).ToListAsync(Token).AsTask().WithTimeout()).Single();

    // As IssuerEnricher.Create does it, but for chance.
    private IssuerEnricher Create(IIssuerClient client, TimeProvider clock)
    {
        EnrichmentTelemetry telemetry = new(null, NullLogger.Instance, "");
        SourceEnvironment environment = new(clock, () => _chance, telemetry);
        IssuerSource source = new(
            new IssuerClientAdapter(client, sendsRequests: false),
            new ServicePolicies(_options, new PolicyExtensions(), environment),
            new MarketSectorIssuerTypeClassifier(),
            environment,
            _options.Bounds.MaxIssuerIdLength);
        return new IssuerEnricher(_options, new StrategySet([new AsyncStrategy()]), source, environment);
    }
}
