namespace IssuerEnrichment;

/// <summary>The result of enriching a list: its outcomes and the report of the run.</summary>
/// <param name="Outcomes">One outcome for every input, in input order.</param>
/// <param name="Report">The run's report.</param>
public sealed record EnrichmentResult(IReadOnlyList<EnrichmentOutcome> Outcomes, EnrichmentReport Report);
