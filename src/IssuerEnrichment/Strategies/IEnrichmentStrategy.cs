namespace IssuerEnrichment;

/// <summary>Decides when, and on which thread, each lookup runs.</summary>
/// <remarks>
/// <para>An implementation must:</para>
/// <list type="bullet">
/// <item>run every lookup of the sequence exactly once, and at most <c>maxConcurrency</c> of them concurrently;</item>
/// <item>take a lookup only when it can start it, because the sequence applies backpressure and buffered lookups would stall the run;</item>
/// <item>enumerate the sequence once, without concurrent calls to its enumerator, and dispose of the enumerator;</item>
/// <item>return only when every lookup that it started has ended, even if it is cancelled or the sequence throws.</item>
/// </list>
/// <para>
/// A lookup does not throw if its issuer fails, and delivers its outcome itself. For example,
/// <c>Parallel.ForEachAsync(lookups, options, (lookup, _) => lookup.RunAsync())</c> is a correct strategy. Implementations are shared by all runs and
/// must be thread-safe.
/// </para>
/// </remarks>
public interface IEnrichmentStrategy
{
    /// <summary>The name that selects this strategy in options, such as <c>async</c>. Names are compared ignoring case.</summary>
    string Name { get; }

    /// <summary>Runs the lookups until the sequence ends.</summary>
    /// <param name="lookups">The lookups of the run, produced on demand.</param>
    /// <param name="maxConcurrency">The maximum number of concurrent lookups; at least 1.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the caller abandons the run. Take no more lookups then; running lookups end by themselves.
    /// </param>
    /// <returns>A task that completes when the sequence and every lookup have ended.</returns>
    Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken);
}
