namespace IssuerEnrichment;

/// <summary>The synchronous twin of <see cref="IIssuerClient"/>, for services whose client library cannot be async.</summary>
/// <remarks>
/// Under the thread-pool strategy it is called on the worker threads of the run; under any other strategy each call gets a thread of its own.
/// It never occupies a thread of the shared pool. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IBlockingIssuerClient
{
    /// <summary>Asks for the ISINs of one issuer, blocking the calling thread until the service has answered.</summary>
    /// <param name="issuerId">The issuer's id: not blank, no control characters.</param>
    /// <param name="cancellationToken">
    /// Ends the attempt. A call that does not heed it is abandoned: its issuer gets an outcome in time, its thread is replaced.
    /// </param>
    /// <returns>What the service said; <see langword="default"/> counts as a fault of the client.</returns>
    IssuerAnswer GetIsins(string issuerId, CancellationToken cancellationToken);
}
