using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Batching;

/// <summary>Asks for the lookups of one run in batches.</summary>
internal interface IBatchQueue
{
    /// <summary>How many may be asked for together with this one.</summary>
    int LimitFor(RequestContext lookup);

    /// <summary>Asks for a lookup's issuer as a member of a batch, which it leaves when it is cancelled.</summary>
    Task<IssuerAnswer> AskAsync(RequestContext lookup, CancellationToken cancellationToken);

    /// <summary>Waits for a place to ask for one issuer alone, to be left by <see cref="LeavePlace"/>.</summary>
    ValueTask EnterPlaceAsync(RequestContext lookup, CancellationToken cancellationToken);

    /// <summary>A request has ended.</summary>
    void LeavePlace();
}
