using BenchmarkDotNet.Attributes;

namespace IssuerEnrichment.Benchmarks;

/// <summary>Time and bytes that one lookup costs beside the client's own, for each strategy and for a hand-written loop.</summary>
[MemoryDiagnoser]
[HideColumns("Job", "Error", "StdDev", "Gen0", "Gen1", "Gen2", "Completed Work Items", "Lock Contentions")]
public class OverheadBenchmark
{
    private const int Lookups = 10_000;

    private readonly string[] _issuerIds = [.. Enumerable.Range(0, Lookups).Select(i => $"ISSUER-{i}")];
    private InMemoryClient _client = null!;
    private IssuerEnricher _enricher = null!;

    [Params(false, true)]
    public bool AsyncClient { get; set; }

    [Params(1, 8, 64, 1024)]
    public int AtOnce { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _client = new InMemoryClient(AsyncClient);
        _enricher = IssuerEnricher.Create(_client, new IssuerEnrichmentOptions { MaxConcurrency = AtOnce });
    }

    [GlobalCleanup]
    public void CleanUp() => _enricher.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public async Task<int> HandWritten() => (await HandWrittenLoop.RunAsync(_client, _issuerIds, AtOnce)).Count;

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> Sequential() => EnrichAsync(EnrichmentStrategyName.Sequential);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> ThreadPool() => EnrichAsync(EnrichmentStrategyName.ThreadPool);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> Async() => EnrichAsync(EnrichmentStrategyName.Async);

    private async Task<int> EnrichAsync(string strategy)
    {
        int enriched = 0;
        await foreach (EnrichmentOutcome outcome in _enricher.Stream(_issuerIds, new EnrichmentRunOptions { Strategy = strategy }))
            enriched += outcome.Status == EnrichmentStatus.Enriched ? 1 : 0;
        return enriched;
    }
}
