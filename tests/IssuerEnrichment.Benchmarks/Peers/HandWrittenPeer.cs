namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>The baseline.</summary>
internal sealed class HandWrittenPeer : IPeer
{
    public const string Title = "Parallel.ForEachAsync + Polly";

    public string Name => Title;

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce) =>
        await HandWrittenLoop.RunAsync(client, issuerIds, atOnce);
}
