namespace IssuerEnrichment.Strategies;

/// <summary>Keeps N lookups in flight with N loops that take the next lookup as soon as theirs has ended; no thread waits.</summary>
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

    // A loop that has got a lookup starts the next loop, so that there are never more of them than lookups.
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
