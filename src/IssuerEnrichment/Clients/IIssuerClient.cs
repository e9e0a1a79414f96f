namespace IssuerEnrichment;

/// <summary>Looks up the ISINs of one issuer in a remote service. It implements the protocol and no resilience policies.</summary>
/// <remarks>
/// Retries, rate limits and timeouts are applied around the client. An implementation makes one attempt, and returns an <see cref="IssuerAnswer"/> or
/// throws. An <see cref="IssuerServiceException"/> says whether the attempt can be retried. Of other exceptions, network errors, timeouts and JSON
/// errors are retried. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IIssuerClient
{
    /// <summary>Looks up the ISINs of one issuer.</summary>
    /// <param name="issuerId">The issuer's id. It is not blank and has no control characters.</param>
    /// <param name="cancellationToken">Cancels the attempt, because of its timeout, the run's deadline or the caller's cancellation.</param>
    /// <returns>
    /// The service's answer. A null task and <see langword="default"/> are errors of the kind <see cref="EnrichmentErrorKind.Fault"/>.
    /// </returns>
    Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken);
}
