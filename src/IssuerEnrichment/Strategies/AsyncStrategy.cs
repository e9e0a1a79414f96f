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
        {
            Task[] loops = new Task[maxConcurrency];
            for (int i = 0; i < loops.Length; i++)
                loops[i] = Task.Run(() => RunAllAsync(queue), CancellationToken.None);
            await Task.WhenAll(loops).ConfigureAwait(false);
        }
    }

    private static async Task RunAllAsync(LookupQueue queue)
    {
        while (await queue.TakeAsync().ConfigureAwait(false) is { } lookup)
            await lookup.RunAsync().ConfigureAwait(false);
    }
}
