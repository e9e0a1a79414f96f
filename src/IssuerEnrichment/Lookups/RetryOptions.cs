namespace IssuerEnrichment;

/// <summary>
/// Options for retries of failed attempts: exponential backoff with full jitter, within a retry budget that all lookups of the service share.
/// </summary>
/// <remarks>
/// With full jitter, the delay is uniformly distributed between zero and the exponential bound (M. Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015). A retry repeats the request, reading the body and parsing it. A throttled request is not a failed attempt; see
/// <see cref="GateOptions"/>.
/// </remarks>
public sealed class RetryOptions
{
    /// <summary>The maximum number of attempts, including the first, 1 to 100. 1 disables retries.</summary>
    /// <value>
    /// Default: 5, the maximum of gRPC (proposal A6). If one attempt in seven fails, 4 attempts lose one lookup in 2,400, and 5 attempts one in
    /// 17,000.
    /// </value>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The upper bound of the first delay. It doubles with each further delay.</summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay.</summary>
    /// <value>Default: 20 s.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The retry budget: the maximum number of retries as a proportion of first attempts, 0 to 10, plus 10 retries a second. Retries that exceed the
    /// budget are delayed until it allows them.
    /// </summary>
    /// <value>Default: 0.2, as in Finagle. A failing service gets a fifth more requests, not several times as many.</value>
    public double Budget { get; set; } = 0.2;
}
