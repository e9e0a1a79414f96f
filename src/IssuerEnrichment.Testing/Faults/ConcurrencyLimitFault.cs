using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Turns a request away while as many as its limit are on their way through the faults after it. Immutable.</summary>
/// <remarks>
/// A request counts from its arrival here until just before the last byte of its answer, the latency included. Those turned away do not count, so a
/// caller that never has more than the limit in flight is never turned away.
/// </remarks>
public sealed class ConcurrencyLimitFault : Fault
{
    private readonly int _limit;

    /// <summary>Creates the fault.</summary>
    /// <param name="limit">How many requests may be in flight.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not positive.</exception>
    public ConcurrencyLimitFault(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    /// <summary>The HTTP status of a request that is turned away.</summary>
    /// <value>The default is 503.</value>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        Lock gate = new();
        int inFlight = 0;
        return request =>
        {
            // Not by an interlocked counter: one that is over the limit for a moment would turn others away.
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
