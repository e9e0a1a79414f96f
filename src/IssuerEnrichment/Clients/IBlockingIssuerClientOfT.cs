namespace IssuerEnrichment;

/// <summary>The synchronous counterpart of <see cref="IIssuerClient{T}"/>, for services whose client library is not asynchronous.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <remarks>It is called as an <see cref="IBlockingIssuerClient"/> is.</remarks>
public interface IBlockingIssuerClient<T>
    where T : notnull
{
    /// <summary>Loads the attribute of one issuer, and blocks the calling thread until the service has answered.</summary>
    /// <param name="issuerId">The issuer's id. It is not blank and has no control characters.</param>
    /// <param name="cancellationToken">Cancels the attempt. A call that ignores it is abandoned.</param>
    /// <returns>The service's answer. Returning <see langword="default"/> is an error of the kind <see cref="EnrichmentErrorKind.Fault"/>.</returns>
    IssuerAnswer<T> Load(string issuerId, CancellationToken cancellationToken);
}
