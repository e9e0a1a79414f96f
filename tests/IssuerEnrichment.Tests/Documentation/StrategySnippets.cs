using System.Diagnostics;
using IssuerEnrichment.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on choosing a strategy.</summary>
public sealed partial class StrategySnippets : IAsyncLifetime
{
    private readonly ServiceCollection _services = new();
    private IssuerTestService _service = null!;

    public async ValueTask InitializeAsync() =>
        _service = await IssuerTestService.StartAsync(new IssuerServiceScript(), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_strategy_is_chosen_by_its_name()
    {
        _services.AddIssuerEnrichment().AddHttpIssuerClient(o => o.BaseAddress = _service.BaseAddress);
        await using ServiceProvider provider = _services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        IssuerDocument document = new([new("3"), new("1"), new("2")]);

        #region sequential
        DocumentEnrichmentResult result = await enricher.EnrichAsync(
            document, new EnrichmentRunOptions { Strategy = EnrichmentStrategyName.Sequential });
        #endregion

        result.Report.Enriched.Should().Be(3);
        _service.Statistics.MaxInFlight.Should().Be(1);
    }

    [Fact]
    public async Task A_strategy_of_ones_own_is_registered()
    {
        Uri serviceAddress = _service.BaseAddress;
        ServiceCollection services = _services;

        #region use-strategy
        services.AddIssuerEnrichment()
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress)
                .UseStrategy<ParallelStrategy>();
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(["1", "2", "3"]);
        (await run.CountAsync(TestContext.Current.CancellationToken)).Should().Be(3);
        run.Report.Enriched.Should().Be(3);
    }

    [Fact]
    public async Task What_a_blocking_client_logs_carries_the_id_of_its_worker_thread()
    {
        RecordingLogger log = new();
        ServiceCollection services = _services;

        #region blocking-client
        services.AddLogging(logging => logging.AddSimpleConsole(console => console.IncludeScopes = true));
        services.AddIssuerEnrichment().AddBlockingIssuerClient<MainframeClient>();
        #endregion

        services.AddLogging(logging => logging.ClearProviders().AddProvider(log));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        await enricher.EnrichAsync(["A"], id => id, (_, _) => { }, cancellationToken: TestContext.Current.CancellationToken);

        log.Lines.Should().Contain(line => line.StartsWith("worker thread ", StringComparison.Ordinal) && line.EndsWith("Asking for A", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blocking_the_shared_pool_makes_every_call_in_the_end()
    {
        const int calls = 2;
        TimeSpan each = TimeSpan.FromMilliseconds(1);

        #region blocked-pool
        using ManualResetEvent never = new(false);
        long startedAt = Stopwatch.GetTimestamp();
        Task<bool>[] blocking = [.. Enumerable.Range(0, calls).Select(_ => Task.Run(() => never.WaitOne(each)))];
        await Task.WhenAll(blocking);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(startedAt);
        #endregion

        elapsed.Should().BePositive();
        blocking.Should().OnlyContain(call => call.IsCompletedSuccessfully);
    }

    #region parallel-strategy
    internal sealed class ParallelStrategy : IEnrichmentStrategy
    {
        public string Name => "parallel";

        public Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken) =>
            Parallel.ForEachAsync(
                lookups,
                new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency, CancellationToken = cancellationToken },
                (lookup, _) => lookup.RunAsync());
    }
    #endregion

    internal sealed partial class MainframeClient(ILogger<MainframeClient> logger) : IBlockingIssuerClient
    {
        public IssuerAnswer GetIsins(string issuerId, CancellationToken cancellationToken)
        {
            Asking(logger, issuerId);
            return IssuerAnswer.Found([]);
        }

        [LoggerMessage(1, LogLevel.Information, "Asking for {IssuerId}")]
        private static partial void Asking(ILogger logger, string issuerId);
    }
}
