using System.Threading.RateLimiting;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>What a user added to, or put in place of, the policies of a service.</summary>
internal sealed class PolicyExtensions
{
    /// <summary>Adds strategies outside all others.</summary>
    public Action<ResiliencePipelineBuilder<IssuerAnswer>>? Lookup { get; set; }

    /// <summary>Adds strategies inside all others, around each call of the client.</summary>
    public Action<ResiliencePipelineBuilder<IssuerAnswer>>? Attempt { get; set; }

    /// <summary>Takes the place of the limiter made from <see cref="IssuerEnrichmentOptions.RateLimit"/>.</summary>
    public RateLimiter? RateLimiter { get; set; }
}
