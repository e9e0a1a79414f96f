namespace IssuerEnrichment;

/// <summary>
/// When a second request is sent beside one that is late: it has taken twice as long as 95 % of good answers do, and at least 200 ms. The first
/// good answer wins.
/// </summary>
/// <remarks>
/// After J. Dean and L. A. Barroso, "The Tail at Scale" (CACM, 2013). What is usual is learned from the service's own answers. Leave it off
/// where asking twice costs or changes something. Blocking clients and batches are never hedged.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>Whether to hedge. True declares that the client's calls are idempotent (RFC 9110 section 9.2.2).</summary>
    /// <value>Default: null, only <c>AddHttpIssuerClient</c> with options, whose calls are GETs.</value>
    public bool? Enabled { get; set; }

    /// <summary>Hedged requests as a share of lookups, 0 to 1. What is not used is saved for later, up to 20 requests.</summary>
    /// <value>Default: 0.05.</value>
    public double Budget { get; set; } = 0.05;
}
