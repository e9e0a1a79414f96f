namespace IssuerEnrichment;

/// <summary>Bounds on what a run holds in memory.</summary>
public sealed class BoundsOptions
{
    /// <summary>
    /// How many inputs a run may have read whose outcome the consumer has not taken yet, 1 to 1,000,000. Twice the lookups at a time count if they are
    /// more.
    /// </summary>
    /// <value>Default: 1,024.</value>
    public int ReadAhead { get; set; } = 1024;

    /// <summary>Verdicts held for repeated ids, up to 10,000,000. An id repeated at a greater distance is asked again; 0 shares only what is in flight.</summary>
    /// <value>Default: 65,536.</value>
    public int HeldVerdicts { get; set; } = 65_536;

    /// <summary>The longest id in characters that is sent, 1 to 8,192.</summary>
    /// <value>Default: 1,024.</value>
    public int MaxIssuerIdLength { get; set; } = 1024;
}
