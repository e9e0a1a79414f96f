namespace IssuerEnrichment;

/// <summary>What assigning an outcome to its object requires.</summary>
internal interface IPositionedOutcome
{
    long Position { get; }

    EnrichmentStatus Status { get; }
}
