namespace IssuerEnrichment.Throttling;

/// <summary>Thrown to end a lookup without a final outcome, because waiting longer would not help.</summary>
internal sealed class LookupEndedException(EnrichmentError error) : Exception(error.Message)
{
    public EnrichmentError Error => error;
}
