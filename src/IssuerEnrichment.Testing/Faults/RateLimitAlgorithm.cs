namespace IssuerEnrichment.Testing.Faults;

/// <summary>How a <see cref="RateLimitFault"/> counts requests. Requests that it turns away count for none of them.</summary>
public enum RateLimitAlgorithm
{
    /// <summary>
    /// A token bucket: <see cref="RateLimitFault.Burst"/> requests at once after a rest, then one for each <c>Period / Permits</c>. A burst of 1
    /// demands that spacing between any two requests, as <c>limit_req</c> of nginx does.
    /// </summary>
    TokenBucket,

    /// <summary>At most <see cref="RateLimitFault.Permits"/> in any span of one <see cref="RateLimitFault.Period"/>.</summary>
    SlidingWindow,

    /// <summary>At most <see cref="RateLimitFault.Permits"/> in each <see cref="RateLimitFault.Period"/>, the first of which begins with the service.</summary>
    FixedWindow,
}
