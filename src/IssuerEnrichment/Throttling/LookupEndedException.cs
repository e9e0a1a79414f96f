namespace IssuerEnrichment.Throttling;

/// <summary>A lookup ends without a verdict, because waiting on would lead nowhere.</summary>
internal sealed class LookupEndedException(EnrichmentError error) : Exception(error.Message)
{
    public EnrichmentError Error => error;
}
