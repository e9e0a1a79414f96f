using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Throttles requests above a rate, and states the limit in response headers. Immutable.</summary>
public sealed class RateLimitFault : Fault
{
    /// <summary>Creates the fault.</summary>
    /// <param name="permits">The number of requests to let through in a <paramref name="period"/>.</param>
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

    /// <summary>The number of requests to let through in a <see cref="Period"/>.</summary>
    public int Permits { get; }

    /// <summary>The period of <see cref="Permits"/>.</summary>
    public TimeSpan Period { get; }

    /// <summary>How requests are counted.</summary>
    /// <value>Default: <see cref="RateLimitAlgorithm.TokenBucket"/>.</value>
    public RateLimitAlgorithm Algorithm { get; init; }

    /// <summary>The number of requests that a token bucket lets through at once after a pause. Has no effect on windows.</summary>
    /// <value>Default: <see cref="Permits"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int Burst
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }

    /// <summary>The HTTP status of throttled requests.</summary>
    /// <value>Default: 429. <c>limit_req</c> of nginx responds with 503.</value>
    public int Status { get; init; } = StatusCodes.Status429TooManyRequests;

    /// <summary>The headers that state the limit.</summary>
    /// <value>Default: <see cref="RateLimitDialect.None"/>.</value>
    public RateLimitDialect Dialect { get; init; }

    /// <summary>Whether the times in the headers are rounded down, so that a client that waits as long as stated retries too early.</summary>
    /// <value>Default: <see langword="false"/>; they are rounded up.</value>
    public bool RoundsDown { get; init; }

    /// <summary>Whether the headers always state that nothing remains, even on good responses, as some services do.</summary>
    /// <value>Default: <see langword="false"/>; they state what remains.</value>
    public bool TellsNoneRemaining { get; init; }

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        IRateLimiter limiter = CreateLimiter();
        return request =>
        {
            RateLimitLease lease = limiter.Take(request.ArrivedAt);
            RateLimitHeaders.Write(request, this, lease);
            return lease.Granted ? inner(request) : request.ThrottleAsync(Status);
        };
    }

    private IRateLimiter CreateLimiter() => Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => new TokenBucket(Period / Permits, Burst),
        RateLimitAlgorithm.SlidingWindow => new SlidingWindow(Permits, Period),
        RateLimitAlgorithm.FixedWindow => new FixedWindow(Permits, Period),
        _ => throw new InvalidOperationException($"The algorithm {Algorithm} is unknown."),
    };
}
