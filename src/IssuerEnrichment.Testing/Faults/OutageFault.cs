using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Fails every request for some time, once.</summary>
public sealed class OutageFault : Fault
{
    private readonly TimeSpan _duration;

    /// <summary>Creates the fault.</summary>
    /// <param name="duration">The duration of the outage, from the first request that it fails.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is not positive.</exception>
    public OutageFault(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _duration = duration;
    }

    /// <summary>The number of requests to let through before the outage can start.</summary>
    /// <value>Default: 0.</value>
    public int AfterRequests { get; init; }

    /// <summary>How long after the start of the service the outage can start.</summary>
    /// <value>Default: zero. The outage starts with the first request after both this time and <see cref="AfterRequests"/>.</value>
    public TimeSpan After { get; init; }

    /// <summary>The HTTP status of responses during the outage.</summary>
    /// <value>Default: 503.</value>
    public int Status { get; init; } = StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner)
    {
        const long NotYet = long.MaxValue;
        long beginsAt = NotYet;
        return request =>
        {
            if (request.Number <= AfterRequests || request.ArrivedAt < After)
                return inner(request);

            Interlocked.CompareExchange(ref beginsAt, request.ArrivedAt.Ticks, NotYet);
            return request.ArrivedAt.Ticks - Volatile.Read(ref beginsAt) < _duration.Ticks
                ? request.AnswerAsync(Status)
                : inner(request);
        };
    }
}
