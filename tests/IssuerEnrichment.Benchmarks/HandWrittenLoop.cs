using System.Collections.Concurrent;
using Polly;
using Polly.Retry;

namespace IssuerEnrichment.Benchmarks;

/// <summary>What one would write without the library: a parallel loop, a retry, a dictionary of results.</summary>
internal static class HandWrittenLoop
{
    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 4, BackoffType = DelayBackoffType.Exponential, UseJitter = true })
        .Build();

    public static async Task<int> RunAsync(IIssuerClient client, string[] issuerIds, int maxConcurrency)
    {
        ConcurrentDictionary<string, IReadOnlyList<string>> isins = new();
        await Parallel.ForEachAsync(
            issuerIds,
            new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency },
            async (issuerId, cancellationToken) =>
            {
                IssuerAnswer answer = await Retry.ExecuteAsync(
                    async token => await client.GetIsinsAsync(issuerId, token), cancellationToken);
                isins[issuerId] = answer.Isins!;
            });
        return isins.Count;
    }
}
