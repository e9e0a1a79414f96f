using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>Collects the lookups of one run into batches.</summary>
internal interface IBatchQueue
{
    /// <summary>Returns the maximum size of a batch that includes this lookup.</summary>
    int LimitFor(RequestContext lookup);

    /// <summary>Adds a lookup to a batch and returns its answer. Cancelling removes the lookup from its batch.</summary>
    Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken);

    /// <summary>Waits for a slot for a request for one issuer. Release it with <see cref="LeavePlace"/>.</summary>
    ValueTask EnterPlaceAsync(RequestContext lookup, CancellationToken cancellationToken);

    /// <summary>Releases the slot of a request.</summary>
    void LeavePlace();
}
