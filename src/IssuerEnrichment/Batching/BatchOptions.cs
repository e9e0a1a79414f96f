namespace IssuerEnrichment;

/// <summary>How an <see cref="IIssuerBatchClient"/> is asked: how large batches are, and what is done about one that fails for its content.</summary>
public sealed class BatchOptions
{
    /// <summary>The most issuers in one request, 1 to 10,000.</summary>
    /// <value>
    /// Default: 100. Full batches take <see cref="IssuerEnrichmentOptions.MaxConcurrency"/> times as many lookups in flight, which
    /// <see cref="BoundsOptions.ReadAhead"/> bounds.
    /// </value>
    public int MaxSize { get; set; } = 100;

    /// <summary>How long an issuer waits for a batch to fill, up to 1 minute. It does not wait where nobody else can come.</summary>
    /// <value>Default: 10 ms.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Requests spent on finding out which issuer of a refused batch is to blame, as a share of issuers answered, 0 to 2. Besides these there are
    /// twice <see cref="MaxSize"/> to begin with, which take one whole batch apart.
    /// </summary>
    /// <value>
    /// Default: 1, so that batches cost hardly more than asking for each issuer alone, however many are bad. One among 100 takes 14 requests; once the
    /// budget is used up, it takes its batch with it.
    /// </value>
    public double BisectionBudget { get; set; } = 1;
}
