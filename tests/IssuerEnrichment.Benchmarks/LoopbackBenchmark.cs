using System.Collections.Concurrent;
using BenchmarkDotNet.Attributes;
using IssuerEnrichment.TestServiceHost;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Benchmarks;

/// <summary>
/// Lookups over HTTP on loopback: by a parallel loop without any policy, by the library as it is by default, with as few policies as it can have, and
/// with all of them.
/// </summary>
/// <remarks>Several processes for each, since one is up to a tenth faster than another for no reason to be seen.</remarks>
[SimpleJob(launchCount: 5, warmupCount: 15, iterationCount: 10)]
[MedianColumn]
[MemoryDiagnoser]
[HideColumns("Job", "Error", "StdDev", "Gen0", "Gen1", "Gen2", "Completed Work Items", "Lock Contentions")]
public class LoopbackBenchmark
{
    private const int Lookups = 5_000;

    private readonly string[] _issuerIds = [.. Enumerable.Range(0, Lookups).Select(i => $"ISSUER-{i}")];
    private readonly ServiceCollection _services = new();
    private ServiceProcess _service = null!;
    private JsonIssuerClient _bare = null!;
    private ServiceProvider _provider = null!;

    [Params(8, 64)]
    public int AtOnce { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _service = ServiceProcess.Start();
        Register(nameof(Library), _ => { });
        Register(nameof(FewPolicies), options =>
        {
            options.Retry.MaxAttempts = 1;
            options.Timeout.Adaptive = false;
            options.Hedging.Enabled = false;
        });
        Register(nameof(AllPolicies), options => options.RateLimit = RateLimit.PerSecond(1_000_000));
        _provider = _services.BuildServiceProvider();
        HttpClient http = _provider.GetRequiredService<IHttpClientFactory>().CreateClient();
        http.BaseAddress = _service.Address;
        _bare = new JsonIssuerClient(http);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _provider.Dispose();
        _service.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public async Task<int> BareLoop()
    {
        ConcurrentDictionary<string, IReadOnlyList<string>> isins = new();
        await Parallel.ForEachAsync(_issuerIds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (issuerId, cancellationToken) =>
        {
            IssuerAnswer answer = await _bare.GetIsinsAsync(issuerId, cancellationToken);
            isins[issuerId] = answer.Isins!;
        });
        return isins.Count;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> Library() => EnrichAsync(nameof(Library), deadline: null);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> FewPolicies() => EnrichAsync(nameof(FewPolicies), deadline: null);

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> AllPolicies() => EnrichAsync(nameof(AllPolicies), TimeSpan.FromHours(1));

    private void Register(string name, Action<IssuerEnrichmentOptions> configure) => _services
        .AddIssuerEnrichment(name, options =>
        {
            options.MaxConcurrency = AtOnce;
            configure(options);
        })
        .AddHttpIssuerClient(options => options.BaseAddress = _service.Address);

    private async Task<int> EnrichAsync(string name, TimeSpan? deadline)
    {
        int enriched = 0;
        IIssuerEnricher enricher = _provider.GetRequiredKeyedService<IIssuerEnricher>(name);
        await foreach (EnrichmentOutcome outcome in enricher.Stream(_issuerIds, new EnrichmentRunOptions { Deadline = deadline }))
            enriched += outcome.Status == EnrichmentStatus.Enriched ? 1 : 0;
        return enriched;
    }
}
