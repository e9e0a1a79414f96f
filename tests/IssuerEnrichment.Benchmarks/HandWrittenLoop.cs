using System.Collections.Concurrent;
using IssuerEnrichment.Benchmarks.Peers;

namespace IssuerEnrichment.Benchmarks;

/// <summary>What one would write without the library: a parallel loop, a retry, a dictionary of results.</summary>
internal static class HandWrittenLoop
{
    public static async Task<ConcurrentDictionary<string, IReadOnlyList<string>>> RunAsync(
        IIssuerClient client, string[] issuerIds, int maxConcurrency)
    {
        ConcurrentDictionary<string, IReadOnlyList<string>> isins = new();
        await Parallel.ForEachAsync(
            issuerIds,
            new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency },
            async (issuerId, cancellationToken) =>
            {
                IssuerAnswer answer = await PollyRetry.AskAsync(client, issuerId, cancellationToken);
                isins[issuerId] = answer.Isins!;
            });
        return isins;
    }
}
