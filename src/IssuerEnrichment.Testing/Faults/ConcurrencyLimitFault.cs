using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing.Faults;

/// <summary>Answers 503 to a request that arrives while the service already has its limit in flight.</summary>
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

    /// <inheritdoc/>
    public override IssuerRequestHandler Wrap(IssuerRequestHandler inner) =>
        request => request.InFlight > _limit ? request.AnswerAsync(StatusCodes.Status503ServiceUnavailable) : inner(request);
}
