namespace IssuerEnrichment;

/// <summary>A run that loads an attribute: a stream of outcomes, and a report.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <inheritdoc cref="IEnrichmentRun" path="/remarks" />
public interface IEnrichmentRun<T> : IAsyncEnumerable<EnrichmentOutcome<T>>
    where T : notnull
{
    /// <inheritdoc cref="IEnrichmentRun.Report" />
    EnrichmentReport Report { get; }
}
