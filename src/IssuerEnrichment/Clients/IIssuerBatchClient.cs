namespace IssuerEnrichment;

/// <summary>Asks a remote service for the ISINs of many issuers in one request, where a service can do that.</summary>
/// <remarks>
/// Lookups stay one for each issuer; what they ask for at about the same time goes out as one batch, and each gets its own answer. What is
/// said of <see cref="IIssuerClient"/> holds here too. A batch that fails for its content, rather than for the state of the service, is taken apart
/// until the issuer to blame fails alone; an <see cref="IssuerServiceException"/> with <see cref="IssuerServiceException.HttpStatus"/> 413 makes
/// batches smaller from then on. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IIssuerBatchClient
{
    /// <summary>Asks for the ISINs of several issuers, with one request.</summary>
    /// <param name="issuerIds">1 to <see cref="BatchOptions.MaxSize"/> different ids: not blank, no control characters.</param>
    /// <param name="cancellationToken">Ends the request: its timeout, or that nobody waits for it any more.</param>
    /// <returns>
    /// What the service said, by id. An id that is not in it fails with <see cref="EnrichmentErrorKind.UnexpectedAnswer"/>, alone; ids that were not
    /// asked for are ignored. A null task or dictionary counts as a fault of the client.
    /// </returns>
    Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken);
}
