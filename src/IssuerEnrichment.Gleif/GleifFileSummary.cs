namespace IssuerEnrichment;

/// <summary>What was found in GLEIF's daily file, counted: every row is an ISIN kept, a duplicate, or skipped.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record GleifFileSummary
{
    /// <summary>When GLEIF made the file, by its name, or else when the file was last written; null where neither is known.</summary>
    public DateTimeOffset? DataDate { get; init; }

    /// <summary>Rows read, without the header and blank lines.</summary>
    public long Rows { get; init; }

    /// <summary>Different LEIs kept.</summary>
    public long Leis { get; init; }

    /// <summary>ISINs kept.</summary>
    public long Isins { get; init; }

    /// <summary>Rows that repeat another.</summary>
    public long Duplicates { get; init; }

    /// <summary>Rows skipped because they have no two columns.</summary>
    public long ShortRows { get; init; }

    /// <summary>Rows skipped because their first column is no LEI.</summary>
    public long BadLeis { get; init; }

    /// <summary>Rows skipped because their second column has not the form of an ISIN. Wrong check digits are kept, and flagged by outcomes.</summary>
    public long BadIsins { get; init; }

    /// <summary>Rows skipped, for whatever reason.</summary>
    public long Skipped => ShortRows + BadLeis + BadIsins;
}
