namespace IssuerEnrichment;

/// <summary>Where an answer came from.</summary>
public enum EnrichmentSource
{
    /// <summary>There is no answer.</summary>
    None,

    /// <summary>The remote service.</summary>
    Service,
}
