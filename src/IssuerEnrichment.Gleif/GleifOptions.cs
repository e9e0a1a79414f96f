namespace IssuerEnrichment;

/// <summary>Options for GLEIF's API. Rate limit, concurrency and timeouts are set in <see cref="IssuerEnrichmentOptions"/>.</summary>
public sealed class GleifOptions
{
    /// <summary>The address of the API: absolute, http or https.</summary>
    /// <value>Default: <c>https://api.gleif.org/api/v1/</c>.</value>
    public Uri BaseAddress { get; set; } = new("https://api.gleif.org/api/v1/");

    /// <summary>The number of ISINs in one request, 1 to 200.</summary>
    /// <value>Default: 200, GLEIF's maximum. GLEIF's own default is 15.</value>
    public int PageSize { get; set; } = 200;

    /// <summary>
    /// Whether to read the records of up to <see cref="BatchOptions.MaxSize"/> LEIs in one request first. LEIs that GLEIF does not know, or that have
    /// no ISINs, then need no request of their own.
    /// </summary>
    /// <remarks>
    /// A record without a link to ISINs has none. GLEIF does not document this, so it is relied on only if another record in the batch has the link.
    /// In a batch without any link, each LEI is looked up on its own.
    /// </remarks>
    /// <value>Default: true.</value>
    public bool Precheck { get; set; } = true;

    /// <summary>Whether to read every LEI's record for its name and category, even if that takes a further request.</summary>
    /// <value>Default: false; records are read only by <see cref="Precheck"/>.</value>
    public bool Records { get; set; }

    /// <summary>
    /// The maximum number of ISINs of one LEI that are read page by page, 1 to 1,000,000. A LEI with more ends as
    /// <see cref="EnrichmentErrorKind.Incomplete"/>.
    /// </summary>
    /// <value>Default: 10,000, the maximum of GLEIF's numbered pages.</value>
    public int MaxIsins { get; set; } = 10_000;
}
