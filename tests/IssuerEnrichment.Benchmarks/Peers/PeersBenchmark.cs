using BenchmarkDotNet.Attributes;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Each peer does the same work against the same service.</summary>
[MemoryDiagnoser]
[HideColumns("Job", "Error", "StdDev", "Gen0", "Gen1", "Gen2")]
public abstract class PeersBenchmark
{
    private const int CheckedLookups = 100;

    private readonly string[] _issuerIds;
    private IAskedService _service = null!;
    private IPeer _peer = null!;

    private protected PeersBenchmark(int lookups) => _issuerIds = [.. Enumerable.Range(0, lookups).Select(i => $"ISSUER-{i}")];

    [ParamsSource(nameof(PeerNames), Priority = 1)]
    public string Peer { get; set; } = "";

    public static IEnumerable<string> PeerNames => PeerCatalog.Names;

    private protected abstract int Limit { get; }

    /// <summary>Also proves that the peer answers every id, and rightly, so that none is fast for what it leaves out.</summary>
    [GlobalSetup]
    public async Task SetUp()
    {
        _service = CreateService();
        _peer = PeerCatalog.Create(Peer);
        _peer.Prepare(_service, Limit);

        string[] issuerIds = _issuerIds[..CheckedLookups];
        IReadOnlyDictionary<string, IReadOnlyList<string>> found = await _peer.RunAsync(_service.Client, issuerIds, Limit);
        foreach (string issuerId in issuerIds)
        {
            IssuerAnswer answer = await _service.Client.GetIsinsAsync(issuerId, CancellationToken.None);
            if (!found.TryGetValue(issuerId, out IReadOnlyList<string>? isins) || !isins.SequenceEqual(answer.Isins!))
                throw new InvalidOperationException($"'{Peer}' has not the service's answer for '{issuerId}'.");
        }
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
