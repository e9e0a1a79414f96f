namespace IssuerEnrichment;

/// <summary>When a second request is sent beside one that takes longer than this service usually does; the first good answer wins.</summary>
/// <remarks>
/// After J. Dean and L. A. Barroso, "The Tail at Scale" (CACM, 2013). What is usual is learned from the service's own answers. Turn it off
/// where asking twice costs or changes something. Blocking clients are never hedged.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>Whether to hedge at all.</summary>
    /// <value>Default: true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Hedged requests as a share of lookups, 0 to 1.</summary>
    /// <value>Default: 0.05.</value>
    public double Budget { get; set; } = 0.05;
}
