namespace IssuerEnrichment;

/// <summary>Loads the ISINs of many issuers: one outcome for every input, whatever the service does.</summary>
/// <remarks>
/// This is the core, a stream; <see cref="IssuerEnricherExtensions"/> has the ways in for documents, for lists of your own objects and for code
/// that is not async. Implementations are thread-safe; all runs of one enricher share the limits of its service.
/// </remarks>
public interface IIssuerEnricher
{
    /// <summary>Prepares a run over a sequence of ids. It is read as far as lookups are ready for it, never to its end ahead of the consumer.</summary>
    /// <param name="issuerIds">The ids. Null, blank and repeated ones are allowed, and get their outcome too.</param>
    /// <param name="options">What is special about this run.</param>
    /// <returns>The run, to be enumerated once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="issuerIds"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or names a strategy that is not registered.</exception>
    IEnrichmentRun Stream(IAsyncEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null);
}
