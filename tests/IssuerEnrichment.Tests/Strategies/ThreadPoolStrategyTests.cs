using System.Collections.Concurrent;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Strategies;

public sealed class ThreadPoolStrategyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blocking_client_is_called_on_as_many_threads_as_it_may_and_none_of_the_shared_pool()
    {
        using CountdownEvent allThere = new(6);
        BlockingIssuerClient client = new((id, cancellation) =>
        {
            if (!allThere.IsSet)
                allThere.Signal();
            allThere.Wait(cancellation);
            return IssuerAnswer.Found([id]);
        });
        await using Source source = SourceOf(client, options => options.MaxConcurrency = 6);

        List<EnrichmentOutcome> outcomes = await EnrichAsync(source, 30);

        outcomes.Should().HaveCount(30).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        client.Callers.Distinct().Should().HaveCount(6).And.OnlyContain(caller => !caller.IsOfSharedPool);
    }

    [Fact]
    public async Task Retries_call_the_client_on_the_worker_of_the_lookup()
    {
        ConcurrentDictionary<string, int> attempts = new();
        BlockingIssuerClient client = new((id, _) =>
            attempts.AddOrUpdate(id, 1, (_, attempt) => attempt + 1) < 3 ? throw ServiceFailure.Transient() : IssuerAnswer.Found([id]));
        await using Source source = SourceOf(client, options =>
        {
            options.MaxConcurrency = 1;
            options.Retry.BaseDelay = TimeSpan.Zero;
        });

        List<EnrichmentOutcome> outcomes = await EnrichAsync(source, 4);

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 3);
        client.Callers.Should().HaveCount(12);
        client.Callers.Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_worker_stuck_in_its_client_is_replaced_and_the_run_ends()
    {
        FakeTimeProvider clock = new();
        using ManualResetEventSlim never = new();
        TaskCompletionSource stuck = new();
        BlockingIssuerClient client = new((id, _) =>
        {
            if (id != "1")
                return IssuerAnswer.Found([id]);
            stuck.TrySetResult();
            never.Wait(CancellationToken.None);
            return IssuerAnswer.NotFound;
        });
        await using Source source = SourceOf(
            client,
            options =>
            {
                options.MaxConcurrency = 1;
                options.Retry.MaxAttempts = 1;
            },
            clock);
        Task<List<EnrichmentOutcome>> run = EnrichAsync(source, 20);
        await stuck.Task.WithTimeout();

        await clock.AdvanceUntilAsync(() => client.Callers.Count > 1);

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();
        never.Set();
        outcomes.Should().HaveCount(20);
        outcomes.Single(outcome => outcome.IssuerId == "1").Error!.Kind.Should().Be(EnrichmentErrorKind.Timeout);
        outcomes.Count(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().Be(19);
    }

    [Fact]
    public async Task A_worker_that_is_left_behind_and_comes_back_takes_no_more_lookups()
    {
        FakeTimeProvider clock = new();
        using ManualResetEventSlim comeBack = new();
        TaskCompletionSource stuck = new();
        BlockingIssuerClient client = new((id, cancellation) =>
        {
            if (id == "1")
            {
                stuck.TrySetResult();
                comeBack.Wait(CancellationToken.None);
            }
            else if (id == "2")
            {
                comeBack.Set();
            }

            return IssuerAnswer.Found([id]);
        });
        await using Source source = SourceOf(
            client,
            options =>
            {
                options.MaxConcurrency = 1;
                options.Retry.MaxAttempts = 1;
            },
            clock);
        Task<List<EnrichmentOutcome>> run = EnrichAsync(source, 50);
        await stuck.Task.WithTimeout();

        await clock.AdvanceUntilAsync(() => client.Callers.Count > 1);

        (await run.WithTimeout()).Should().HaveCount(50);
        client.Callers.Skip(1).Distinct().Should().ContainSingle().Which.Should().NotBe(client.Callers.First());
    }

    [Fact]
    public async Task Under_another_strategy_each_blocking_call_gets_a_thread_of_its_own()
    {
        BlockingIssuerClient client = new((id, _) => IssuerAnswer.Found([id]));
        await using Source source = SourceOf(client, options => options.Strategy = EnrichmentStrategyName.Async);

        await EnrichAsync(source, 5);

        client.Callers.Should().HaveCount(5).And.OnlyHaveUniqueItems().And.OnlyContain(caller => !caller.IsOfSharedPool);
    }

    [Fact]
    public async Task The_logs_of_a_worker_carry_its_thread_id()
    {
        ConcurrentQueue<string?> scopes = new();
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(new ScopeCollector(scopes)));
        IIssuerEnricher enricher = IssuerEnricher.Create(
            new EchoIssuerClient(), new() { Strategy = EnrichmentStrategyName.ThreadPool, MaxConcurrency = 2 }, loggers: loggers);

        await enricher.Stream(["1", "2"]).ToListAsync(Token).AsTask().WithTimeout();

        scopes.Should().HaveCount(2).And.OnlyHaveUniqueItems().And.OnlyContain(scope => scope!.StartsWith("worker thread "));
    }

    private static Source SourceOf(
        BlockingIssuerClient client, Action<IssuerEnrichmentOptions>? configure = null, TimeProvider? clock = null) => Source.Of(
        builder =>
        {
            builder.Services.AddSingleton(client);
            builder.AddBlockingIssuerClient<BlockingIssuerClient>();
        },
        configure,
        clock);

    private static Task<List<EnrichmentOutcome>> EnrichAsync(Source source, int count) =>
        source.Enricher.Stream(Enumerable.Range(1, count).Select(id => $"{id}")).ToListAsync(Token).AsTask().WithTimeout();

    private sealed class ScopeCollector(ConcurrentQueue<string?> scopes) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            scopes.Enqueue(state.ToString());
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
