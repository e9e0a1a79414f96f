namespace IssuerEnrichment.Strategies;

/// <summary>Runs one lookup after the other, in input order: the variant to debug with.</summary>
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
