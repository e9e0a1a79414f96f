using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>Gives the gate its name in a pipeline.</summary>
internal sealed class GateStrategyOptions : ResilienceStrategyOptions
{
    public GateStrategyOptions() => Name = "Gate";
}
