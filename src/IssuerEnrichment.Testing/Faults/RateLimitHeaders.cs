using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Writes the decision of a limiter to response headers.</summary>
internal static class RateLimitHeaders
{
    public static void Write(IssuerRequest request, RateLimitFault limit, RateLimitLease lease)
    {
        IHeaderDictionary headers = request.Http.Response.Headers;
        string seconds = lease.ResetsIn.ToWholeSeconds(limit.RoundsDown);
        int remaining = limit.TellsNoneRemaining ? 0 : lease.Remaining;
        switch (limit.Dialect)
        {
            case RateLimitDialect.RetryAfterSeconds when !lease.Granted:
                headers.RetryAfter = seconds;
                break;
            case RateLimitDialect.RetryAfterDate when !lease.Granted:
                headers.RetryAfter = ResetAt().ToString("R");
                break;
            case RateLimitDialect.RetryAfterMilliseconds when !lease.Granted:
                headers["retry-after-ms"] = $"{lease.ResetsIn.ToWholeMilliseconds(limit.RoundsDown)}";
                break;
            case RateLimitDialect.RateLimitDraft10:
                headers["RateLimit-Policy"] = $"\"default\";q={limit.Permits};w={limit.Period.ToWholeSeconds()}";
                headers["RateLimit"] = $"\"default\";r={remaining};t={seconds}";
                break;
            case RateLimitDialect.RateLimitTriple:
                WriteTriple("RateLimit", "Reset", seconds);
                break;
            case RateLimitDialect.XRateLimitEpoch:
                WriteTriple("X-RateLimit", "Reset", $"{ResetAt().ToUnixTimeSeconds()}");
                break;
            case RateLimitDialect.XRateLimitResetAfter:
                WriteTriple("X-RateLimit", "Reset-After", lease.ResetsIn.ToFractionalSeconds(limit.RoundsDown));
                break;
        }

        DateTimeOffset ResetAt() => (request.Script.TimeProvider.GetUtcNow() + lease.ResetsIn).ToWholeSeconds(limit.RoundsDown);

        void WriteTriple(string prefix, string reset, string time)
        {
            headers[$"{prefix}-Limit"] = $"{limit.Permits}";
            headers[$"{prefix}-Remaining"] = $"{remaining}";
            headers[$"{prefix}-{reset}"] = time;
        }
    }
}
