using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Answers 429 to requests above a rate (token bucket), and tells the limit in the headers of a dialect.</summary>
public sealed class RateLimitFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="permits">How many requests are let through in a <paramref name="period"/>, evenly refilled.</param>
    /// <param name="period">The period.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> or <paramref name="period"/> is not positive.</exception>
    public RateLimitFault(int permits, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(permits);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Permits = permits;
        Period = period;
        Burst = permits;
    }

    /// <summary>How many requests are let through in a <see cref="Period"/>.</summary>
    public int Permits { get; }

    /// <summary>The period in which <see cref="Permits"/> are refilled, evenly.</summary>
    public TimeSpan Period { get; }

    /// <summary>How many requests are let through at once after a rest: the size of the bucket.</summary>
    /// <value>The default is <see cref="Permits"/>.</value>
    public int Burst { get; init; }

    /// <summary>The headers in which the limit is told.</summary>
    /// <value>The default is <see cref="RateLimitDialect.None"/>.</value>
    public RateLimitDialect Dialect { get; init; }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        TokenBucket bucket = new(Period / Permits, Burst);
        return request =>
        {
            RateLimitLease lease = bucket.Take(request.ArrivedAt);
            WriteHeaders(request, lease);
            return lease.Granted ? inner(request) : request.AnswerAsync(StatusCodes.Status429TooManyRequests);
        };
    }

    private void WriteHeaders(IssuerRequest request, RateLimitLease lease)
    {
        IHeaderDictionary headers = request.Http.Response.Headers;
        DateTimeOffset resetAt = (request.Script.TimeProvider.GetUtcNow() + lease.ResetsIn).ToWholeSeconds();
        switch (Dialect)
        {
            case RateLimitDialect.RetryAfterSeconds when !lease.Granted:
                headers.RetryAfter = lease.ResetsIn.ToWholeSeconds();
                break;
            case RateLimitDialect.RetryAfterDate when !lease.Granted:
                headers.RetryAfter = resetAt.ToString("R");
                break;
            case RateLimitDialect.RateLimitDraft10:
                headers["RateLimit-Policy"] = $"\"default\";q={Permits};w={Period.ToWholeSeconds()}";
                headers["RateLimit"] = $"\"default\";r={lease.Remaining};t={lease.ResetsIn.ToWholeSeconds()}";
                break;
            case RateLimitDialect.RateLimitTriple:
                WriteTriple("RateLimit", lease.ResetsIn.ToWholeSeconds());
                break;
            case RateLimitDialect.XRateLimitEpoch:
                WriteTriple("X-RateLimit", $"{resetAt.ToUnixTimeSeconds()}");
                break;
        }

        void WriteTriple(string prefix, string reset)
        {
            headers[$"{prefix}-Limit"] = $"{Permits}";
            headers[$"{prefix}-Remaining"] = $"{lease.Remaining}";
            headers[$"{prefix}-Reset"] = reset;
        }
    }
}
