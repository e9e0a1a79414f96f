using Polly;
using Polly.Retry;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>The retry of all peers that have none of their own: five attempts, as the library makes.</summary>
internal static class PollyRetry
{
    public const int Retries = 4;

    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = Retries, BackoffType = DelayBackoffType.Exponential, UseJitter = true })
        .Build();

    public static ValueTask<IssuerAnswer> AskAsync(IIssuerClient client, string issuerId, CancellationToken cancellationToken) =>
        Retry.ExecuteAsync(async token => await client.GetIsinsAsync(issuerId, token), cancellationToken);
}
