using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>Names the gate in a pipeline.</summary>
internal sealed class GateStrategyOptions : ResilienceStrategyOptions
{
    public GateStrategyOptions() => Name = "Gate";
}
