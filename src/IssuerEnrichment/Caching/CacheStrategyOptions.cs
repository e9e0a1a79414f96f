using Polly;

namespace IssuerEnrichment.Caching;

/// <summary>Gives the cache its name in a pipeline.</summary>
internal sealed class CacheStrategyOptions : ResilienceStrategyOptions
{
    public CacheStrategyOptions() => Name = "Cache";
}
