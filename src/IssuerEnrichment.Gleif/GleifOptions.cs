namespace IssuerEnrichment;

/// <summary>How GLEIF's API is asked. Pace, concurrency and time-outs are those of <see cref="IssuerEnrichmentOptions"/>.</summary>
public sealed class GleifOptions
{
    /// <summary>Where the API is.</summary>
    /// <value>Default: <c>https://api.gleif.org/api/v1/</c>. Absolute, http or https.</value>
    public Uri BaseAddress { get; set; } = new("https://api.gleif.org/api/v1/");

    /// <summary>ISINs asked for in one request, 1 to 200.</summary>
    /// <value>Default: 200, the most that GLEIF gives. Its own default is 15.</value>
    public int PageSize { get; set; } = 200;

    /// <summary>
    /// Whether the records of up to <see cref="BatchOptions.MaxSize"/> LEIs are asked for first, in one request: those that GLEIF does not know, or that
    /// have no ISINs, then take no request of their own.
    /// </summary>
    /// <remarks>
    /// A record that links to no ISINs has none. GLEIF does not document that, so it counts only beside one that has the link; in a batch where none
    /// has it, every LEI is asked for by itself.
    /// </remarks>
    /// <value>Default: true.</value>
    public bool Precheck { get; set; } = true;

    /// <summary>Whether every LEI's record is read, even where that takes a request of its own, for its name and category.</summary>
    /// <value>Default: false, only where <see cref="Precheck"/> reads it anyway.</value>
    public bool Records { get; set; }

    /// <summary>
    /// The most ISINs of one LEI that are read page by page, 1 to 1,000,000; a LEI with more ends as <see cref="EnrichmentErrorKind.Incomplete"/>.
    /// </summary>
    /// <value>Default: 10,000, where GLEIF's numbered pages end.</value>
    public int MaxIsins { get; set; } = 10_000;
}
