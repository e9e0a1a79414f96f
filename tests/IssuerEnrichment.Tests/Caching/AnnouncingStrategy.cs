namespace IssuerEnrichment.Tests.Caching;

/// <summary>Runs one lookup after the other, and tells when one has begun and has to wait: by then it follows another one, or leads.</summary>
internal sealed class AnnouncingStrategy : IEnrichmentStrategy
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public const string StrategyName = "announcing";

    public string Name => StrategyName;

    public Task Waiting => _waiting.Task;

    public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
    {
        await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken))
        {
            ValueTask running = lookup.RunAsync();
            if (!running.IsCompleted)
                _waiting.TrySetResult();
            await running;
        }
    }
}
