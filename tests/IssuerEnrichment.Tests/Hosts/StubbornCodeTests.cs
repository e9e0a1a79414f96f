using System.Diagnostics.Metrics;
using System.Threading.Channels;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Http;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace IssuerEnrichment.Tests.Hosts;

/// <summary>Code of the user's that heeds no cancellation, or throws when it is told of one, holds no run up and ends none.</summary>
public sealed class StubbornCodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sequential")]
    [InlineData("thread-pool")]
    [InlineData("async")]
    public async Task A_deadline_ends_a_run_whose_source_stays_open(string strategy)
    {
        Channel<string?> ids = Channel.CreateUnbounded<string?>();
        ids.Writer.TryWrite("1");
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());

        List<EnrichmentOutcome> outcomes = await enricher
            .Stream(ids.Reader.ReadAllAsync(Token), new() { Deadline = TimeSpan.FromMilliseconds(100), Strategy = strategy })
            .ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().ContainSingle().Which.Status.Should().Be(EnrichmentStatus.Enriched);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_or_a_cancellation_ends_a_run_whose_source_ignores_it(bool isCancelled)
    {
        using CancellationTokenSource end = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());
        IEnrichmentRun run = enricher.Stream(Stubborn(), new() { Stop = isCancelled ? default : end.Token });
        Task<List<EnrichmentOutcome>> outcomes = run.ToListAsync(isCancelled ? end.Token : default).AsTask();
        await Task.Yield();

        await end.CancelAsync();

        Func<Task> ended = () => outcomes.WithTimeout();
        if (isCancelled)
            await ended.Should().ThrowAsync<OperationCanceledException>();
        else
            await ended.Should().NotThrowAsync();

        static async IAsyncEnumerable<string?> Stubborn()
        {
            yield return "1";
            await new TaskCompletionSource().Task;
        }
    }

    [Fact]
    public async Task A_typed_client_that_waits_for_something_other_than_a_request_is_timed()
    {
        await using Source source = Source.Of(
            builder => builder.AddHttpIssuerClient(_ => { }, (_, _) => new WaitingClient()),
            options => (options.Timeout.Attempt, options.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(100), 1));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Timeout);
        outcome.Error.Message.Should().Be("No answer within 0.1 s (Timeout.Attempt, or the rest of Timeout.Lookup).");
    }

    [Fact]
    public async Task A_typed_client_may_take_longer_than_an_attempt_in_requests_that_do_not()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(async context => await Task.Delay(200, context.RequestAborted));
        await using Source source = Source.Of(
            builder => builder.AddHttpIssuerClient(
                http => http.ConfigureHttpClient(client => client.BaseAddress = service.BaseAddress), (_, http) => new PagingClient(http)),
            options => (options.Timeout.Attempt, options.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(600), 1));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Status.Should().Be(EnrichmentStatus.Enriched, outcome.Error?.Message);
        outcome.Requests.Should().Be(6);
    }

    [Fact]
    public async Task What_prepares_a_request_is_part_of_its_time()
    {
        await using Source source = Source.Of(
            builder => builder.AddHttpIssuerClient(options =>
            {
                options.BaseAddress = new Uri("http://127.0.0.1:1/");
                options.OnRequest = (_, _) => new ValueTask(new TaskCompletionSource().Task);
            }),
            options => (options.Timeout.Attempt, options.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(100), 1));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Timeout);
    }

    [Fact]
    public async Task A_handler_that_never_answers_is_left_to_itself()
    {
        await using Source source = Source.Of(
            builder => builder.AddHttpIssuerClient(
                http => http.AddHttpMessageHandler(() => new StubbornHandler()), (_, http) => new PagingClient(http)),
            options => (options.Timeout.Attempt, options.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(100), 1));

        EnrichmentOutcome outcome = (await source.Enricher.Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.Timeout, outcome.Error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_listens_to_a_token_and_blocks_holds_nobody_up(bool isStopped)
    {
        using ManualResetEventSlim blocked = new();
        using CancellationTokenSource stop = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new DelegateClient(async (id, cancellationToken) =>
            {
                cancellationToken.Register(blocked.Wait);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return IssuerAnswer.Found([id]);
            }),
            new IssuerEnrichmentOptions { Timeout = new() { Attempt = TimeSpan.FromMilliseconds(isStopped ? 10_000 : 100) }, Retry = new() { MaxAttempts = 1 } });
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1", "2"], new() { Stop = stop.Token }).ToListAsync(Token).AsTask();
        if (isStopped)
            stop.CancelAfter(TimeSpan.FromMilliseconds(100));

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();

        outcomes.Should().HaveCount(2);
        blocked.Set();
    }

    [Fact]
    public async Task What_listens_to_a_token_and_throws_spoils_no_run()
    {
        CancellationTokenRegistration kept = default;
        using IssuerEnricher enricher = IssuerEnricher.Create(new DelegateClient((id, cancellationToken) =>
        {
            kept = cancellationToken.Register(() => throw new InvalidOperationException("from a client's token"));
            return Task.FromResult(IssuerAnswer.Found([id]));
        }));

        List<EnrichmentOutcome> outcomes = await enricher.Stream(Source(Token)).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().ContainSingle().Which.Status.Should().Be(EnrichmentStatus.Enriched);
        kept.Unregister();

        static async IAsyncEnumerable<string?> Source([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            cancellationToken.UnsafeRegister(_ => throw new InvalidOperationException("from the source's token"), null);
            await Task.Yield();
            yield return "1";
        }
    }

    [Fact]
    public async Task A_journal_that_heeds_no_cancellation_is_left_to_itself()
    {
        StubbornJournal journal = new();
        using IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient(), journal: journal);
        using CancellationTokenSource giveUp = new();
        Task<List<EnrichmentOutcome>> run = enricher.Stream(["1"]).ToListAsync(giveUp.Token).AsTask();
        await journal.Writing.WithTimeout();

        await giveUp.CancelAsync();

        Func<Task> ended = () => run.WithTimeout();
        await ended.Should().ThrowAsync<OperationCanceledException>();
        journal.IsClosed.Should().BeTrue();
    }

    [Fact]
    public async Task A_policy_that_heeds_no_cancellation_is_left_to_itself()
    {
        int asked = 0;
        await using Source source = Source.Of(builder => builder
            .AddIssuerClient(new DelegateClient((id, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult(IssuerAnswer.Found([id]));
            }))
            .AddLookupPolicy(policies => policies.AddStrategy(_ => new StubbornPolicy(), new StubbornOptions())));

        List<EnrichmentOutcome> outcomes = await source.Enricher.Stream(["1"], new() { Deadline = TimeSpan.FromMilliseconds(100) })
            .ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Single().Status.Should().Be(EnrichmentStatus.NotAttempted);
        asked.Should().Be(0);
    }

    [Fact]
    public void An_enricher_that_is_disposed_of_leaves_no_meter_behind()
    {
        List<Instrument> live = [];
        int thread = Environment.CurrentManagedThreadId;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != "IssuerEnrichment" || Environment.CurrentManagedThreadId != thread)
                    return;
                live.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            },
            MeasurementsCompleted = (instrument, _) => live.Remove(instrument),
        };
        listener.Start();
        live.Clear(); // Those of other tests, which are told of at the start.

        IssuerEnricher enricher = IssuerEnricher.Create(new EchoIssuerClient());
        live.Should().NotBeEmpty();
        enricher.Dispose();

        live.Should().BeEmpty();
    }

    private sealed class DelegateClient(Func<string, CancellationToken, Task<IssuerAnswer>> ask) : IIssuerClient
    {
        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) => ask(issuerId, cancellationToken);
    }

    private sealed class WaitingClient : IIssuerClient
    {
        public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return IssuerAnswer.NotFound;
        }
    }

    private sealed class StubbornHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new TaskCompletionSource<HttpResponseMessage>().Task;
    }

    private sealed class PagingClient(HttpClient http) : IIssuerClient
    {
        public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
        {
            for (int page = 0; page < 6; page++)
                await http.GetStringAsync(new Uri(http.BaseAddress ?? new Uri("http://issuers/"), $"{page}"), cancellationToken);
            return IssuerAnswer.Found([issuerId]);
        }
    }

    private sealed class StubbornJournal : IEnrichmentJournal, IJournalRun
    {
        private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Writing => _writing.Task;

        public bool IsClosed { get; private set; }

        public ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken) => new(this);

        public ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken) => default;

        public ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken)
        {
            _writing.SetResult();
            return new ValueTask(new TaskCompletionSource().Task);
        }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return default;
        }
    }

    private sealed class StubbornOptions : ResilienceStrategyOptions;

    private sealed class StubbornPolicy : ResilienceStrategy<IssuerAnswer>
    {
        protected override async ValueTask<Outcome<IssuerAnswer>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<IssuerAnswer>>> callback, ResilienceContext context, TState state)
        {
            await new TaskCompletionSource().Task;
            return await callback(context, state);
        }
    }
}
