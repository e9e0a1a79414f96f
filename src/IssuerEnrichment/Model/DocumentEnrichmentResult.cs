namespace IssuerEnrichment;

/// <summary>What became of a document.</summary>
/// <param name="Document">
/// The document with its issuers enriched. As in the rule this library began with, an issuer that was not enriched keeps ISINs and type as they were.
/// </param>
/// <param name="Outcomes">One outcome for every issuer, in the order of the document.</param>
/// <param name="Report">The run's report.</param>
public sealed record DocumentEnrichmentResult(
    IssuerDocument Document, IReadOnlyList<EnrichmentOutcome> Outcomes, EnrichmentReport Report)
{
    /// <summary>The report, in one line.</summary>
    public override string ToString() => Report.ToString();
}
