namespace IssuerEnrichment;

/// <summary>Limits on the memory that a run uses.</summary>
public sealed class BoundsOptions
{
    /// <summary>
    /// The maximum number of inputs read ahead of the consumer, that is, whose outcome the consumer has not taken yet: 1 to 1,000,000. It is raised
    /// to twice the maximum concurrency if that is more.
    /// </summary>
    /// <value>Default: 1,024.</value>
    public int ReadAhead { get; set; } = 1024;

    /// <summary>
    /// The number of completed lookups kept for repeated ids, 0 to 10,000,000. An id that repeats after more other ids is looked up again. With 0,
    /// only lookups in flight are shared.
    /// </summary>
    /// <value>Default: 65,536.</value>
    public int HeldVerdicts { get; set; } = 65_536;

    /// <summary>The maximum length of an id in characters, 1 to 8,192. A longer id is invalid.</summary>
    /// <value>Default: 1,024.</value>
    public int MaxIssuerIdLength { get; set; } = 1024;
}
