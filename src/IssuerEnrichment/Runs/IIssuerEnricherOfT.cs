namespace IssuerEnrichment;

/// <summary>Loads an attribute of many issuers. Every input gets one outcome, whatever the service does.</summary>
/// <typeparam name="T">The attribute, such as a record with a rating and its date.</typeparam>
/// <remarks>
/// This interface streams. <see cref="IssuerEnricherOfTExtensions"/> adds methods for lists of your own objects and for synchronous code.
/// Implementations are thread-safe. All runs of one enricher share the limits of its service. <see cref="IIssuerEnricher"/> is the counterpart for
/// ISINs.
/// </remarks>
public interface IIssuerEnricher<T>
    where T : notnull
{
    /// <inheritdoc cref="IIssuerEnricher.Stream" />
    IEnrichmentRun<T> Stream(IAsyncEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null);

    /// <inheritdoc cref="IIssuerEnricher.PlanAsync" />
    Task<EnrichmentPlan> PlanAsync(
        IAsyncEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default);
}
