using BenchmarkDotNet.Attributes;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Lookups over HTTP on loopback, by the library and by its rivals, and the processor time that they take.</summary>
[CpuDiagnoser]
public class PeersLoopbackBenchmark() : PeersBenchmark(Lookups)
{
    private const int Lookups = 5_000;

    [Params(8, 64, Priority = 0)]
    public int AtOnce { get; set; }

    private protected override int Limit => AtOnce;

    [Benchmark(OperationsPerInvoke = Lookups)]
    public Task<int> LookUp() => RunAsync();

    private protected override IAskedService CreateService() => new LoopbackService();
}
