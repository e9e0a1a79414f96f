namespace IssuerEnrichment;

/// <summary>Decides when and where lookups run, and nothing else.</summary>
/// <remarks>
/// <para>The whole contract:</para>
/// <list type="bullet">
/// <item>run every lookup that the sequence gives exactly once, at most <c>maxConcurrency</c> of them at a time;</item>
/// <item>take the next one only when it can be started: the sequence holds back while the consumer is slow, and hoarding would starve the run;</item>
/// <item>enumerate the sequence once, from one place at a time, and dispose of its enumerator;</item>
/// <item>return only when everything that was begun has ended, also when cancelled or when the sequence throws.</item>
/// </list>
/// <para>
/// A lookup never throws for a failed issuer and delivers its outcome itself. <c>Parallel.ForEachAsync(lookups, options, (lookup, _) => lookup.RunAsync())</c>
/// is a correct strategy. Implementations are shared by all runs and must be thread-safe.
/// </para>
/// </remarks>
public interface IEnrichmentStrategy
{
    /// <summary>The name by which options choose this strategy, such as <c>async</c>; compared ignoring case.</summary>
    string Name { get; }

    /// <summary>Runs lookups until the sequence ends.</summary>
    /// <param name="lookups">The lookups of the run, produced as they are asked for.</param>
    /// <param name="maxConcurrency">How many may run at a time; at least 1.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up: take no more lookups. Those that run end by themselves.</param>
    /// <returns>A task that completes when the sequence has ended and every lookup with it.</returns>
    Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken);
}
