using IssuerEnrichment.Runs;

namespace IssuerEnrichment;

/// <summary>
/// The enricher of a source that loads an attribute. Resolve it from a container as <see cref="IIssuerEnricher{T}"/>, or create one with
/// <c>IssuerEnricher.Create</c>.
/// </summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <remarks>Thread-safe. All runs share the limits of the service.</remarks>
public sealed class IssuerEnricher<T> : IIssuerEnricher<T>, IDisposable
    where T : notnull
{
    private readonly IssuerEnricher _enricher;

    internal IssuerEnricher(IssuerEnricher enricher) => _enricher = enricher;

    /// <inheritdoc />
    public IEnrichmentRun<T> Stream(IAsyncEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null) =>
        new EnrichmentRun<T>(_enricher.Stream(issuerIds, options));

    /// <inheritdoc />
    public Task<EnrichmentPlan> PlanAsync(
        IAsyncEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default) => _enricher.PlanAsync(issuerIds, options, typicalLatency, cancellationToken);

    /// <summary>Releases the resources that all runs share. All runs must have ended.</summary>
    public void Dispose() => _enricher.Dispose();
}
