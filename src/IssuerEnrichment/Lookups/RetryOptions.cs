namespace IssuerEnrichment;

/// <summary>How failed attempts are repeated: exponential backoff with full jitter, within a budget that all lookups of the service share.</summary>
/// <remarks>
/// Full jitter draws the wait evenly from zero to the exponential bound (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
/// Blog, 2015). A retry covers the whole lookup: the request, the body and its parsing. A throttled request is no failed attempt; see
/// <see cref="GateOptions"/>.
/// </remarks>
public sealed class RetryOptions
{
    /// <summary>Attempts in all, the first included, 1 to 100; 1 means no retry.</summary>
    /// <value>Default: 5, the bound of gRPC (proposal A6). Where one attempt in seven fails, 4 lose one lookup in 2,400, 5 one in 17,000.</value>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The bound of the first wait; each further one is twice as long.</summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait.</summary>
    /// <value>Default: 20 s.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Retries as a share of first attempts, 0 to 10. A retry beyond it is put off until the budget has grown; besides first attempts,
    /// every tenth of a second adds one.
    /// </summary>
    /// <value>Default: 0.2, as in Finagle's retry budget: a broken service sees a fifth more requests, not several times as many.</value>
    public double Budget { get; set; } = 0.2;
}
