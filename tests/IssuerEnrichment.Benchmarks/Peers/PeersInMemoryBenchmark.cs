using BenchmarkDotNet.Attributes;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Time and bytes that a lookup costs beside the service's own, by the library and by its rivals.</summary>
public class PeersInMemoryBenchmark() : PeersBenchmark(Lookups)
{
    private const int Lookups = 10_000;

    [Params(8, 64, 1024, Priority = 0)]
    public int AtOnce { get; set; }

    private protected override int Limit => AtOnce;

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> LookUp() => RunAsync();

    private protected override IAskedService CreateService() => new InMemoryService(new InMemoryClient(isAsync: true));
}
