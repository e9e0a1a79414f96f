namespace IssuerEnrichment.Testing.Faults;

/// <summary>The headers in which a service states its rate limit. Times are whole seconds, rounded up, unless stated otherwise.</summary>
public enum RateLimitDialect
{
    /// <summary>No header: the caller must find out the limit by itself.</summary>
    None,

    /// <summary><c>Retry-After: 2</c> if throttled (RFC 9110).</summary>
    RetryAfterSeconds,

    /// <summary><c>Retry-After: Sun, 22 Nov 2026 20:16:00 GMT</c> if throttled (RFC 9110).</summary>
    RetryAfterDate,

    /// <summary><c>RateLimit-Policy: "default";q=200;w=1</c>, <c>RateLimit: "default";r=0;t=2</c> on all responses (IETF draft 10).</summary>
    RateLimitDraft10,

    /// <summary><c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (seconds) on every response (earlier IETF drafts).</summary>
    RateLimitTriple,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (Unix time) on every response.</summary>
    XRateLimitEpoch,

    /// <summary><c>retry-after-ms: 1234</c> if throttled, in milliseconds, as Azure OpenAI does.</summary>
    RetryAfterMilliseconds,

    /// <summary>
    /// <c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset-After</c> (seconds, three decimal places) on every response, as Discord does.
    /// </summary>
    XRateLimitResetAfter,
}
