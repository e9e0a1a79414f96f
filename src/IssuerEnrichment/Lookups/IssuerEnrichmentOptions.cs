namespace IssuerEnrichment;

/// <summary>Options for one source. They are validated when the host starts and when an enricher is created.</summary>
public sealed class IssuerEnrichmentOptions
{
    /// <summary>The name of the strategy; see <see cref="EnrichmentStrategyName"/>.</summary>
    /// <value>Default: null, which selects <c>thread-pool</c> for a blocking client and <c>async</c> for any other client.</value>
    public string? Strategy { get; set; }

    /// <summary>
    /// The maximum number of concurrent lookups, 1 to 10,000, or <see cref="ConcurrencyLimit.Auto"/>. For batch clients, the maximum number of
    /// concurrent requests.
    /// </summary>
    /// <value>Default: 8.</value>
    public ConcurrencyLimit MaxConcurrency { get; set; } = 8;

    /// <summary>The rate limit for requests, including retries. Requests that exceed it wait; they do not fail.</summary>
    /// <value>Default: null, no limit.</value>
    public RateLimit? RateLimit { get; set; }

    /// <summary>Options for retries of failed attempts.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Options for timeouts.</summary>
    public TimeoutOptions Timeout { get; set; } = new();

    /// <summary>Options for the gate, which pauses requests while the service throttles or is down.</summary>
    public GateOptions Gate { get; set; } = new();

    /// <summary>Options for hedged requests.</summary>
    public HedgingOptions Hedging { get; set; } = new();

    /// <summary>Options for batches, for an <see cref="IIssuerBatchClient"/>.</summary>
    public BatchOptions Batch { get; set; } = new();

    /// <summary>Limits on memory.</summary>
    public BoundsOptions Bounds { get; set; } = new();
}
