namespace IssuerEnrichment;

/// <summary>
/// Options for hedging: when a request exceeds twice the 95th percentile of the latency of good answers, and at least 200 ms, a second request is
/// sent. The first good answer wins.
/// </summary>
/// <remarks>
/// See J. Dean and L. A. Barroso, "The Tail at Scale" (CACM, 2013). The percentile is learned from the service's answers. Disable hedging if a second
/// request costs money or has side effects. Blocking clients and batch requests are never hedged.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>Whether to hedge. Setting it to true declares that the client's calls are idempotent (RFC 9110, section 9.2.2).</summary>
    /// <value>Default: null, which enables hedging for the built-in HTTP client only, because its requests are GETs.</value>
    public bool? Enabled { get; set; }

    /// <summary>The maximum number of hedged requests as a proportion of lookups, 0 to 1. Unused budget accumulates up to 20 requests.</summary>
    /// <value>Default: 0.05.</value>
    public double Budget { get; set; } = 0.05;
}
