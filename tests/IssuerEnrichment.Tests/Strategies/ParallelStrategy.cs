namespace IssuerEnrichment.Tests.Strategies;

/// <summary>A strategy as a user would write one.</summary>
public sealed class ParallelStrategy : IEnrichmentStrategy
{
    public string Name => "parallel";

    public Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            lookups,
            new ParallelOptions { MaxDegreeOfParallelism = maxConcurrency, CancellationToken = cancellationToken },
            (lookup, _) => lookup.RunAsync());
}
