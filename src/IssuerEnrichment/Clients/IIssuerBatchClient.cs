namespace IssuerEnrichment;

/// <summary>Looks up the ISINs of many issuers in one request, for services that support it.</summary>
/// <remarks>
/// Each issuer still has a lookup of its own. Lookups that are ready at about the same time are sent as one batch, and each gets its own answer. The
/// remarks on <see cref="IIssuerClient"/> apply here too. A batch that fails because of its content, rather than the state of the service, is
/// bisected until the issuer that causes the failure fails alone. An <see cref="IssuerServiceException"/> with
/// <see cref="IssuerServiceException.HttpStatus"/> 413 reduces the size of later batches. Implementations must be safe for concurrent calls.
/// </remarks>
public interface IIssuerBatchClient
{
    /// <summary>Looks up the ISINs of several issuers in one request.</summary>
    /// <param name="issuerIds">1 to <see cref="BatchOptions.MaxSize"/> distinct ids. They are not blank and have no control characters.</param>
    /// <param name="cancellationToken">Cancels the request, when it times out or no lookup waits for it any more.</param>
    /// <returns>
    /// The service's answers by id. An id without an answer fails on its own with <see cref="EnrichmentErrorKind.UnexpectedAnswer"/>. Ids that were
    /// not requested are ignored. A null task or dictionary is an error of the kind <see cref="EnrichmentErrorKind.Fault"/>.
    /// </returns>
    Task<IReadOnlyDictionary<string, IssuerAnswer>> GetIsinsAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken);
}
