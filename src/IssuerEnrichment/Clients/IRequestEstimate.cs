namespace IssuerEnrichment;

/// <summary>
/// Implemented by a client that sends more or fewer requests than one for each issuer, so that <see cref="IIssuerEnricher.PlanAsync"/> can count
/// them.
/// </summary>
/// <remarks>
/// Without this interface, one request for each issuer is assumed, or full batches for an <see cref="IIssuerBatchClient"/>. Implementations must be
/// thread-safe and must not send requests.
/// </remarks>
public interface IRequestEstimate
{
    /// <summary>
    /// Estimates the number of requests. It is called for several numbers of issuers; the estimate must not decrease as they increase.
    /// </summary>
    /// <param name="issuers">The number of distinct issuers.</param>
    /// <param name="batchSize">The maximum number of issuers in one batch request; 1 if there are no batch requests.</param>
    RequestEstimate EstimateRequests(long issuers, int batchSize);
}
