namespace IssuerEnrichment;

/// <summary>The result of loading an attribute of a list of objects: its outcomes and the report of the run.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <param name="Outcomes">One outcome for every input, in input order.</param>
/// <param name="Report">The run's report.</param>
public sealed record EnrichmentResult<T>(IReadOnlyList<EnrichmentOutcome<T>> Outcomes, EnrichmentReport Report)
    where T : notnull;
