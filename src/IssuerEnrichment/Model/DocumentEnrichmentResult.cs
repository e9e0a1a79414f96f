namespace IssuerEnrichment;

/// <summary>The result of enriching a document.</summary>
/// <param name="Document">The document with its issuers enriched. An issuer that was not enriched keeps its previous ISINs and type.</param>
/// <param name="Outcomes">One outcome for every issuer, in document order.</param>
/// <param name="Report">The run's report.</param>
public sealed record DocumentEnrichmentResult(
    IssuerDocument Document, IReadOnlyList<EnrichmentOutcome> Outcomes, EnrichmentReport Report)
{
    /// <summary>Returns the report on one line.</summary>
    public override string ToString() => Report.ToString();
}
