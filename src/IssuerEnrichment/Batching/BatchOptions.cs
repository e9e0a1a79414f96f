namespace IssuerEnrichment;

/// <summary>
/// Options for an <see cref="IIssuerBatchClient"/>: the size of batches, and how a batch that fails because of its content is bisected.
/// </summary>
public sealed class BatchOptions
{
    /// <summary>The maximum number of issuers in one request, 1 to 10,000.</summary>
    /// <value>
    /// Default: 100. To fill its batches, a run keeps <see cref="IssuerEnrichmentOptions.MaxConcurrency"/> times as many lookups in flight, up to
    /// <see cref="BoundsOptions.ReadAhead"/>.
    /// </value>
    public int MaxSize { get; set; } = 100;

    /// <summary>
    /// How long an issuer waits for its batch to fill, up to 1 minute. The batch is sent at once if no other issuer can join it.
    /// </summary>
    /// <value>Default: 10 ms.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// The maximum number of requests that bisect rejected batches, as a proportion of the number of issuers answered, 0 to 2. A further
    /// 2 × <see cref="MaxSize"/> requests are available from the start, enough to bisect one whole batch.
    /// </summary>
    /// <value>
    /// Default: 1, so that batches need hardly more requests than individual lookups, however many issuers are bad. Finding one bad issuer among 100
    /// takes 14 requests. Once the budget is used up, a bad issuer fails its whole batch.
    /// </value>
    public double BisectionBudget { get; set; } = 1;
}
