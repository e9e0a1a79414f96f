namespace IssuerEnrichment;

/// <summary>The synchronous counterpart of <see cref="IIssuerClient"/>, for services whose client library is not asynchronous.</summary>
/// <remarks>
/// The thread-pool strategy calls it on its worker threads. Under any other strategy, each call runs on a new thread. It never blocks a thread of the
/// thread pool. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IBlockingIssuerClient
{
    /// <summary>Looks up the ISINs of one issuer, and blocks the calling thread until the service has answered.</summary>
    /// <param name="issuerId">The issuer's id. It is not blank and has no control characters.</param>
    /// <param name="cancellationToken">
    /// Cancels the attempt. A call that ignores it is abandoned: its issuer still gets an outcome in time, and its thread is replaced.
    /// </param>
    /// <returns>The service's answer. Returning <see langword="default"/> is an error of the kind <see cref="EnrichmentErrorKind.Fault"/>.</returns>
    IssuerAnswer GetIsins(string issuerId, CancellationToken cancellationToken);
}
