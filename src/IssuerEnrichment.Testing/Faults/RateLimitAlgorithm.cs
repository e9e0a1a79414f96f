namespace IssuerEnrichment.Testing.Faults;

/// <summary>How a <see cref="RateLimitFault"/> counts requests. Throttled requests do not count.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>
    /// A token bucket: <see cref="RateLimitFault.Burst"/> requests at once after a pause, then one for each <c>Period / Permits</c>. A burst of 1
    /// requires that spacing between any two requests, as <c>limit_req</c> of nginx does.
    /// </summary>
    TokenBucket,

    /// <summary>At most <see cref="RateLimitFault.Permits"/> in any time span of one <see cref="RateLimitFault.Period"/>.</summary>
    SlidingWindow,

    /// <summary>
    /// At most <see cref="RateLimitFault.Permits"/> in each <see cref="RateLimitFault.Period"/>; the first one starts with the service.
    /// </summary>
    FixedWindow,
}
