namespace IssuerEnrichment;

/// <summary>Implemented by a client that takes more requests than one for each issuer, or fewer, so that <see cref="IIssuerEnricher.PlanAsync"/> can count them.</summary>
/// <remarks>
/// Of a client that does not implement it one request for each issuer is expected; of an <see cref="IIssuerBatchClient"/>, full batches. Implementations must
/// be thread-safe, and ask nobody.
/// </remarks>
public interface IRequestEstimate
{
    /// <summary>Says how many requests some issuers take. It is called for several counts, of which a higher one must not take fewer.</summary>
    /// <param name="issuers">How many issuers, all different.</param>
    /// <param name="batchSize">How many of them at most are asked for in one request for many; 1 where each is asked for alone.</param>
    RequestEstimate EstimateRequests(long issuers, int batchSize);
}
