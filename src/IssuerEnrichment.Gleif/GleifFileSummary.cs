namespace IssuerEnrichment;

/// <summary>A summary of GLEIF's daily file. Every row is either kept, a duplicate, or skipped.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record GleifFileSummary
{
    /// <summary>When GLEIF created the file, according to its name, or else when it was last written; null if neither is known.</summary>
    public DateTimeOffset? DataDate { get; init; }

    /// <summary>The number of rows, without the header and blank lines.</summary>
    public long Rows { get; init; }

    /// <summary>The number of distinct LEIs kept.</summary>
    public long Leis { get; init; }

    /// <summary>The number of ISINs kept.</summary>
    public long Isins { get; init; }

    /// <summary>The number of duplicate rows.</summary>
    public long Duplicates { get; init; }

    /// <summary>The number of rows skipped because they have fewer than two columns.</summary>
    public long ShortRows { get; init; }

    /// <summary>The number of rows skipped because their first column is not a LEI.</summary>
    public long BadLeis { get; init; }

    /// <summary>
    /// The number of rows skipped because their second column does not have the format of an ISIN. ISINs with a wrong check digit are kept, and
    /// outcomes report them.
    /// </summary>
    public long BadIsins { get; init; }

    /// <summary>The number of rows skipped for any reason.</summary>
    public long Skipped => ShortRows + BadLeis + BadIsins;
}
