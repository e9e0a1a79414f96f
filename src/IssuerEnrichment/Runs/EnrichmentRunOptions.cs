namespace IssuerEnrichment;

/// <summary>Options for one run. An option that is not set falls back to <see cref="IssuerEnrichmentOptions"/>.</summary>
public sealed record EnrichmentRunOptions
{
    /// <summary>The name of the strategy; see <see cref="EnrichmentStrategyName"/>.</summary>
    /// <value>Default: null, the strategy of the source.</value>
    public string? Strategy { get; init; }

    /// <summary>
    /// The maximum number of concurrent requests, at least 1, or <see cref="ConcurrencyLimit.Auto"/>; see
    /// <see cref="IssuerEnrichmentOptions.MaxConcurrency"/>.
    /// </summary>
    /// <value>Default: null, the limit of the source.</value>
    public ConcurrencyLimit? MaxConcurrency { get; init; }

    /// <summary>Whether outcomes are delivered in input order instead of completion order.</summary>
    /// <value>Default: false. It has no effect for documents and lists, whose results are always in input order.</value>
    public bool Ordered { get; init; }

    /// <summary>
    /// The maximum duration of the run. Inputs without an outcome by then end as <see cref="EnrichmentStatus.NotAttempted"/>; no exception is thrown.
    /// </summary>
    /// <value>Default: null, no deadline.</value>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Stops the run in an orderly way, like a deadline: outcomes so far are delivered, and all other inputs end as
    /// <see cref="EnrichmentStatus.NotAttempted"/>. To abandon the run instead, cancel its enumeration.
    /// </summary>
    /// <value>Default: none.</value>
    public CancellationToken Stop { get; init; }

    /// <summary>The market sectors of the document that the issuers belong to. They determine the issuers' type.</summary>
    /// <value>Default: none. Runs over a document use the document's market sectors.</value>
    public IReadOnlyList<string> MarketSectors { get; init; } = [];

    /// <summary>How the run uses the journal, if the source has one.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>Invoked for each outcome, just before the consumer gets it.</summary>
    /// <value>Default: null, none.</value>
    public IProgress<EnrichmentProgress>? Progress { get; init; }
}
