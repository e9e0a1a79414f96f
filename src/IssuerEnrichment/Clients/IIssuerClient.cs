namespace IssuerEnrichment;

/// <summary>Asks a remote service for the ISINs of one issuer. It knows the wire and no policy.</summary>
/// <remarks>
/// Retry, pace and timeouts are applied around the client, so an implementation makes one attempt and reports what happened: it returns an
/// <see cref="IssuerAnswer"/>, or throws. An <see cref="IssuerServiceException"/> says by itself whether another attempt makes sense; of other
/// exceptions, those of the network, of time-outs and of JSON are tried again. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IIssuerClient
{
    /// <summary>Asks for the ISINs of one issuer.</summary>
    /// <param name="issuerId">The issuer's id: not blank, no control characters.</param>
    /// <param name="cancellationToken">Ends the attempt: its timeout, the run's deadline or the caller's cancellation.</param>
    /// <returns>What the service said. A null task, or <see langword="default"/>, counts as a fault of the client.</returns>
    Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken);
}
