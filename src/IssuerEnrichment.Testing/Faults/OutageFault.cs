using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Fails every request for a while, once.</summary>
public sealed class OutageFault : Fault
{
    private readonly TimeSpan _duration;

    /// <summary>Creates the fault.</summary>
    /// <param name="duration">How long the outage lasts, from the first request that it fails.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="duration"/> is not positive.</exception>
    public OutageFault(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _duration = duration;
    }

    /// <summary>How many requests are let through before the outage may begin.</summary>
    /// <value>The default is 0.</value>
    public int AfterRequests { get; init; }

    /// <summary>How long after the start of the service the outage may begin.</summary>
    /// <value>The default is zero. The outage begins with the first request that is past this and <see cref="AfterRequests"/>.</value>
    public TimeSpan After { get; init; }

    /// <summary>The HTTP status of the answers meanwhile.</summary>
    /// <value>The default is 503.</value>
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
