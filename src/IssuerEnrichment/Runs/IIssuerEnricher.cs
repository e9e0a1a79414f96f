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

    /// <summary>Says what a run would take: how many requests, how long, and what limits it. The ids are read to their end; the service is not asked.</summary>
    /// <remarks>Ids are checked, and looked for in the journal, as the run would do it, with as much memory.</remarks>
    /// <param name="issuerIds">The ids that the run is to have.</param>
    /// <param name="options">What is special about the run.</param>
    /// <param name="typicalLatency">What an answer of the service takes; null means what it took in earlier runs, as far as there were any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentNullException"><paramref name="issuerIds"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or names a strategy that is not registered, or the latency is negative.</exception>
    /// <exception cref="EnrichmentJournalException">The journal cannot be opened or read, such as while another run uses it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<EnrichmentPlan> PlanAsync(
        IAsyncEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default);
}
