namespace IssuerEnrichment;

/// <summary>How one source of issuers is asked. Validated when the host starts and when the enricher is made.</summary>
public sealed class IssuerEnrichmentOptions
{
    /// <summary>The name of the strategy; see <see cref="EnrichmentStrategyName"/>.</summary>
    /// <value>Default: null, the one that suits the client: <c>thread-pool</c> for a blocking one, <c>async</c> for any other.</value>
    public string? Strategy { get; set; }

    /// <summary>
    /// Lookups at a time, 1 to 10,000, or <see cref="ConcurrencyLimit.Auto"/>; requests at a time where the client asks for many issuers in one.
    /// </summary>
    /// <value>Default: 8, the size of the pool this library began with.</value>
    public ConcurrencyLimit MaxConcurrency { get; set; } = 8;

    /// <summary>The pace at which requests are sent, retries included; waiting for it fails nothing.</summary>
    /// <value>Default: null, no limit.</value>
    public RateLimit? RateLimit { get; set; }

    /// <summary>How failed attempts are repeated.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>How long things may take.</summary>
    public TimeoutOptions Timeout { get; set; } = new();

    /// <summary>When the service is left alone, and how it is approached again.</summary>
    public GateOptions Gate { get; set; } = new();

    /// <summary>When a second request is sent beside a late one.</summary>
    public HedgingOptions Hedging { get; set; } = new();

    /// <summary>How issuers are put together into one request, for an <see cref="IIssuerBatchClient"/>.</summary>
    public BatchOptions Batch { get; set; } = new();

    /// <summary>Bounds on memory.</summary>
    public BoundsOptions Bounds { get; set; } = new();
}
