namespace IssuerEnrichment;

/// <summary>What differs from run to run. Everything unset comes from <see cref="IssuerEnrichmentOptions"/>.</summary>
public sealed record EnrichmentRunOptions
{
    /// <summary>The name of the strategy; see <see cref="EnrichmentStrategyName"/>.</summary>
    public string? Strategy { get; init; }

    /// <summary>Lookups at a time, at least 1, or <see cref="ConcurrencyLimit.Auto"/>; see <see cref="IssuerEnrichmentOptions.MaxConcurrency"/>.</summary>
    public ConcurrencyLimit? MaxConcurrency { get; init; }

    /// <summary>Whether outcomes come in input order instead of as they finish.</summary>
    /// <value>Default: false, except for documents and lists, whose results are in input order anyway.</value>
    public bool Ordered { get; init; }

    /// <summary>The time the whole run may take. What has no verdict by then ends as <see cref="EnrichmentStatus.NotAttempted"/>; nothing is thrown.</summary>
    /// <value>Default: null, no deadline.</value>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Ends the run as a deadline would: what was answered is delivered, the rest ends as <see cref="EnrichmentStatus.NotAttempted"/>. To abandon
    /// the run instead, cancel its enumeration.
    /// </summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The market sectors of the issuers' document, from which their type follows.</summary>
    /// <value>Default: none. A document brings its own.</value>
    public IReadOnlyList<string> MarketSectors { get; init; } = [];

    /// <summary>How the journal is used, where the source has one.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>Told of every outcome, just before the consumer gets it.</summary>
    public IProgress<EnrichmentProgress>? Progress { get; init; }
}
