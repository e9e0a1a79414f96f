using BenchmarkDotNet.Attributes;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Each peer does the same work against the same service.</summary>
[MemoryDiagnoser]
[HideColumns("Job", "Error", "StdDev", "Gen0", "Gen1", "Gen2")]
public abstract class PeersBenchmark
{
    private readonly string[] _issuerIds;
    private IAskedService _service = null!;
    private IPeer _peer = null!;

    private protected PeersBenchmark(int lookups) => _issuerIds = PeerCheck.Ids(lookups);

    [ParamsSource(nameof(PeerNames), Priority = 1)]
    public string Peer { get; set; } = "";

    public static IEnumerable<string> PeerNames => PeerCatalog.Names;

    private protected abstract int Limit { get; }

    [GlobalSetup]
    public async Task SetUp()
    {
        await PeerCheck.ReachesItsLimitAsync(PeerCatalog.Create(Peer), Limit);
        _service = CreateService();
        _peer = PeerCatalog.Create(Peer);
        _peer.Prepare(_service, Limit);
        await PeerCheck.AnswersEveryIdAsync(_peer, _service, Limit);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _peer.Dispose();
        _service.Dispose();
    }

    private protected abstract IAskedService CreateService();

    private protected async Task<int> RunAsync()
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> found = await _peer.RunAsync(_service.Client, _issuerIds, Limit);
        return found.Count == _issuerIds.Length
            ? found.Count
            : throw new InvalidOperationException($"'{Peer}' answered {found.Count} of {_issuerIds.Length} ids.");
    }
}
