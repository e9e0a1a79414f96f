namespace IssuerEnrichment;

/// <summary>Where GLEIF's daily file of LEIs and ISINs is. It is read once, into an index beside it, and again only when it has changed.</summary>
public sealed class GleifFileOptions
{
    /// <summary>The file: a CSV with the columns LEI and ISIN, or a zip with one in it, as GLEIF publishes it.</summary>
    /// <value>Default: null. Required, unless <see cref="IndexPath"/> is an index that is there already.</value>
    public string? Path { get; set; }

    /// <summary>Where the index is, which takes some 80 MB for 9 million rows.</summary>
    /// <value>Default: null, <see cref="Path"/> with <c>.index</c> appended.</value>
    public string? IndexPath { get; set; }
}
