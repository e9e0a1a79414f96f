namespace IssuerEnrichment;

/// <summary>How failed attempts are repeated: exponential backoff with full jitter, and never before the service's <c>Retry-After</c>.</summary>
/// <remarks>
/// Full jitter draws the wait evenly from zero to the exponential bound (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture
/// Blog, 2015). A retry covers the whole lookup: the request, the body and its parsing.
/// </remarks>
public sealed class RetryOptions
{
    /// <summary>Attempts in all, the first included, 1 to 100; 1 means no retry.</summary>
    /// <value>Default: 5, the bound of gRPC (proposal A6). Where one attempt in seven fails, 4 lose one lookup in 2,400, 5 one in 17,000.</value>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>The bound of the first wait; each further one is twice as long.</summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The same after a refusal (429) without a hint of how long to wait.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan ThrottledDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of its own; a hint of the service may be longer.</summary>
    /// <value>Default: 20 s.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest hint of the service that is believed.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);
}
