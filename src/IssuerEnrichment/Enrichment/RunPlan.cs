namespace IssuerEnrichment.Enrichment;

/// <summary>Everything a run needs to know, settled before it begins.</summary>
internal sealed record RunPlan(
    EnrichmentRunOptions Options,
    BoundsOptions Bounds,
    IEnrichmentStrategy Strategy,
    int MaxConcurrency,
    IssuerService Service,
    RunEnvironment Environment)
{
    public TimeProvider TimeProvider => Environment.TimeProvider;
}
