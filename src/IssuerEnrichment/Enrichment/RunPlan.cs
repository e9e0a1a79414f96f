namespace IssuerEnrichment.Enrichment;

/// <summary>Everything a run needs to know, settled before it begins.</summary>
/// <param name="Options">What the caller wants of this run.</param>
/// <param name="Bounds">Bounds on memory.</param>
/// <param name="Strategy">Runs the lookups.</param>
/// <param name="MaxConcurrency">Requests at a time.</param>
/// <param name="IsConcurrencyFound">Whether that is only a bound, and the number of them is to be found out.</param>
/// <param name="MaxLookups">Lookups at a time: more than requests where one request is for many.</param>
/// <param name="Service">Looks issuers up.</param>
/// <param name="Environment">What comes from outside.</param>
internal sealed record RunPlan(
    EnrichmentRunOptions Options,
    BoundsOptions Bounds,
    IEnrichmentStrategy Strategy,
    int MaxConcurrency,
    bool IsConcurrencyFound,
    int MaxLookups,
    IssuerService Service,
    RunEnvironment Environment)
{
    public TimeProvider TimeProvider => Environment.TimeProvider;
}
