using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Throttles a request while the maximum number of requests are in flight in the faults after it. Immutable.</summary>
/// <remarks>
/// A request counts from its arrival at this fault until just before the last byte of its response, including latency. Throttled requests do not
/// count, so a caller that never exceeds the limit is never throttled.
/// </remarks>
public sealed class ConcurrencyLimitFault : Fault
{
    private readonly int _limit;

    /// <summary>Creates the fault.</summary>
    /// <param name="limit">The maximum number of requests in flight.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not positive.</exception>
    public ConcurrencyLimitFault(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    /// <summary>The HTTP status of throttled requests.</summary>
    /// <value>Default: 503.</value>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        Lock gate = new();
        int inFlight = 0;
        return request =>
        {
            // Not an interlocked counter: exceeding the limit for a moment would throttle other requests.
            lock (gate)
            {
                if (inFlight == _limit)
                    return request.ThrottleAsync(Status);

                inFlight++;
            }

            request.OnCompleted(Leave);
            return inner(request);
        };

        void Leave()
        {
            lock (gate)
                inFlight--;
        }
    }
}
