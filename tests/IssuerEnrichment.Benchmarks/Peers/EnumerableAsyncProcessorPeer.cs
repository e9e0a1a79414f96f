using EnumerableAsyncProcessor.Extensions;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>EnumerableAsyncProcessor with as many workers as there may be lookups at once.</summary>
internal sealed class EnumerableAsyncProcessorPeer : IPeer
{
    public string Name => "EnumerableAsyncProcessor + Polly";

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce)
    {
        await using var processor = issuerIds
            .SelectAsync(
                async (issuerId, cancellationToken) =>
                    KeyValuePair.Create(issuerId, (await PollyRetry.AskAsync(client, issuerId, cancellationToken)).Isins!),
                CancellationToken.None)
            .ProcessInParallel(maxConcurrency: atOnce);
        return new Dictionary<string, IReadOnlyList<string>>(await processor.GetResultsAsync());
    }
}
