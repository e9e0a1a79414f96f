namespace IssuerEnrichment.Strategies;

/// <summary>Runs one lookup after another, in input order. Useful for debugging.</summary>
public sealed class SequentialStrategy : IEnrichmentStrategy
{
    /// <inheritdoc />
    public string Name => EnrichmentStrategyName.Sequential;

    /// <inheritdoc />
    public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
    {
        await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken).ConfigureAwait(false))
            await lookup.RunAsync().ConfigureAwait(false);
    }
}
