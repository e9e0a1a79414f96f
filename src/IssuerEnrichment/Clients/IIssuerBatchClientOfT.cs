namespace IssuerEnrichment;

/// <summary>Loads an attribute of many issuers in one request, for services that support it.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <remarks>The remarks on <see cref="IIssuerBatchClient"/> apply here too.</remarks>
public interface IIssuerBatchClient<T>
    where T : notnull
{
    /// <summary>Loads the attribute of several issuers in one request.</summary>
    /// <param name="issuerIds">1 to <see cref="BatchOptions.MaxSize"/> distinct ids. They are not blank and have no control characters.</param>
    /// <param name="cancellationToken">Cancels the request, when it times out or no lookup waits for it any more.</param>
    /// <returns>
    /// The service's answers by id. An id without an answer fails on its own with <see cref="EnrichmentErrorKind.UnexpectedAnswer"/>. Ids that were
    /// not requested are ignored. A null task or dictionary is an error of the kind <see cref="EnrichmentErrorKind.Fault"/>.
    /// </returns>
    Task<IReadOnlyDictionary<string, IssuerAnswer<T>>> LoadAsync(IReadOnlyList<string> issuerIds, CancellationToken cancellationToken);
}
