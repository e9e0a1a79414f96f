namespace IssuerEnrichment;

/// <summary>Options for GLEIF's daily file of LEIs and ISINs. It is read into an index, and read again only when it has changed.</summary>
public sealed class GleifFileOptions
{
    /// <summary>The file: a CSV with the columns LEI and ISIN, or a zip that contains one, as GLEIF publishes it.</summary>
    /// <value>Default: null. Required, unless <see cref="IndexPath"/> is an existing index.</value>
    public string? Path { get; set; }

    /// <summary>The path of the index. An index of 9 million rows takes about 80 MB.</summary>
    /// <value>Default: null, <see cref="Path"/> with <c>.index</c> appended.</value>
    public string? IndexPath { get; set; }
}
