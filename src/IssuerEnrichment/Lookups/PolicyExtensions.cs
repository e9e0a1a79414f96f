using System.Threading.RateLimiting;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>The user's additions to the policies of a service, and replacements of them.</summary>
internal sealed class PolicyExtensions
{
    /// <summary>Adds strategies outside all others.</summary>
    public Action<ResiliencePipelineBuilder<IssuerAnswer>>? Lookup { get; set; }

    /// <summary>Adds strategies inside all others, around each call of the client.</summary>
    public Action<ResiliencePipelineBuilder<IssuerAnswer>>? Attempt { get; set; }

    /// <summary>Replaces the limiter for <see cref="IssuerEnrichmentOptions.RateLimit"/>.</summary>
    public RateLimiter? RateLimiter { get; set; }
}
