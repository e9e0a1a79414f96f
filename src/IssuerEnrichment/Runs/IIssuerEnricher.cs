namespace IssuerEnrichment;

/// <summary>Loads the ISINs of many issuers. Every input gets one outcome, whatever the service does.</summary>
/// <remarks>
/// This interface streams. <see cref="IssuerEnricherExtensions"/> adds methods for documents, for lists of your own objects and for synchronous
/// code. Implementations are thread-safe. All runs of one enricher share the limits of its service.
/// </remarks>
public interface IIssuerEnricher
{
    /// <summary>
    /// Creates a run over a sequence of ids. The sequence is read lazily, at most <see cref="BoundsOptions.ReadAhead"/> inputs ahead of the consumer.
    /// </summary>
    /// <param name="issuerIds">The ids. Null, blank and repeated ids are allowed and get an outcome too.</param>
    /// <param name="options">Options for this run; null means the defaults.</param>
    /// <returns>The run. It starts when it is enumerated, and can be enumerated once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="issuerIds"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or names a strategy that is not registered.</exception>
    IEnrichmentRun Stream(IAsyncEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null);

    /// <summary>
    /// Estimates what a run would take: how many requests, how long, and what would limit it. Reads all ids, and sends nothing to the service.
    /// </summary>
    /// <remarks>Validates the ids and looks them up in the journal, just as the run would. It needs as much memory as the run.</remarks>
    /// <param name="issuerIds">The ids of the run.</param>
    /// <param name="options">Options for the run; null means the defaults.</param>
    /// <param name="typicalLatency">The latency to expect of the service; null means the latency of earlier runs, if there were any.</param>
    /// <param name="cancellationToken">Cancels the estimate.</param>
    /// <exception cref="ArgumentNullException"><paramref name="issuerIds"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or names a strategy that is not registered, or <paramref name="typicalLatency"/> is negative.
    /// </exception>
    /// <exception cref="EnrichmentJournalException">The journal cannot be opened or read, for example because another run is using it.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    Task<EnrichmentPlan> PlanAsync(
        IAsyncEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default);
}
