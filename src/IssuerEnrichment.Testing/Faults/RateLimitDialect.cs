namespace IssuerEnrichment.Testing.Faults;

/// <summary>The headers in which a service tells its rate limit. Times are whole seconds, rounded up, unless said otherwise.</summary>
public enum RateLimitDialect
{
    /// <summary>No header: the caller must find the limit by itself.</summary>
    None,

    /// <summary><c>Retry-After: 2</c> on a refusal (RFC 9110).</summary>
    RetryAfterSeconds,

    /// <summary><c>Retry-After: Sun, 22 Nov 2026 20:16:00 GMT</c> on a refusal (RFC 9110).</summary>
    RetryAfterDate,

    /// <summary><c>RateLimit-Policy: "default";q=200;w=1</c>, <c>RateLimit: "default";r=0;t=2</c> on all answers (IETF draft 10).</summary>
    RateLimitDraft10,

    /// <summary><c>RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (seconds) on every answer (earlier IETF drafts).</summary>
    RateLimitTriple,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset</c> (Unix time) on every answer.</summary>
    XRateLimitEpoch,

    /// <summary><c>retry-after-ms: 1234</c> on a refusal, in milliseconds, as Azure OpenAI does.</summary>
    RetryAfterMilliseconds,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c> and <c>-Reset-After</c> (seconds to three places) on every answer, as Discord does.</summary>
    XRateLimitResetAfter,
}
