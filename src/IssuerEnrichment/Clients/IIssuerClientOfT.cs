namespace IssuerEnrichment;

/// <summary>Loads an attribute of one issuer in a remote service. It implements the protocol and no resilience policies.</summary>
/// <typeparam name="T">The attribute, such as a record with a rating and its date.</typeparam>
/// <remarks>
/// The remarks on <see cref="IIssuerClient"/> apply here too. A client may also implement <see cref="IIssuerIdValidator"/>,
/// <see cref="IRequestShape"/>, <see cref="IRequestEstimate"/> and <see cref="IResumableIssuerClient"/>.
/// </remarks>
public interface IIssuerClient<T>
    where T : notnull
{
    /// <summary>Loads the attribute of one issuer.</summary>
    /// <param name="issuerId">The issuer's id. It is not blank and has no control characters.</param>
    /// <param name="cancellationToken">Cancels the attempt, because of its timeout, the run's deadline or the caller's cancellation.</param>
    /// <returns>
    /// The service's answer. A null task and <see langword="default"/> are errors of the kind <see cref="EnrichmentErrorKind.Fault"/>.
    /// </returns>
    Task<IssuerAnswer<T>> LoadAsync(string issuerId, CancellationToken cancellationToken);
}
