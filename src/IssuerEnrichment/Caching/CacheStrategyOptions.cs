using Polly;

namespace IssuerEnrichment.Caching;

/// <summary>Names the cache in a pipeline.</summary>
internal sealed class CacheStrategyOptions : ResilienceStrategyOptions
{
    public CacheStrategyOptions() => Name = "Cache";
}
