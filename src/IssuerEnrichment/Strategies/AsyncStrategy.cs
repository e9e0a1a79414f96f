namespace IssuerEnrichment.Strategies;

/// <summary>Keeps up to N lookups in flight with N asynchronous loops, each of which runs one lookup after another. Blocks no thread.</summary>
public sealed class AsyncStrategy : IEnrichmentStrategy
{
    /// <inheritdoc />
    public string Name => EnrichmentStrategyName.Async;

    /// <inheritdoc />
    public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxConcurrency, 1);

        LookupQueue queue = new(lookups, cancellationToken);
        await using (queue.ConfigureAwait(false))
            await RunAllAsync(queue, maxConcurrency - 1).ConfigureAwait(false);
    }

    // Each loop that gets a lookup starts the next loop, so that there are never more loops than lookups.
    private static async Task RunAllAsync(LookupQueue queue, int others)
    {
        Task? next = null;
        try
        {
            while (await queue.TakeAsync().ConfigureAwait(false) is { } lookup)
            {
                if (next is null && others > 0)
                    next = Task.Run(() => RunAllAsync(queue, others - 1), CancellationToken.None);
                await lookup.RunAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (next is not null)
                await next.ConfigureAwait(false);
        }
    }
}
