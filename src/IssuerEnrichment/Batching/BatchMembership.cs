namespace IssuerEnrichment.Batching;

/// <summary>The batching state of a lookup.</summary>
/// <param name="queue">Collects lookups into batches.</param>
internal sealed class BatchMembership(IBatchQueue queue)
{
    public IBatchQueue Queue => queue;

    /// <summary>The request that it is a member of, or was a member of when it failed; null if there is none.</summary>
    public RequestFacts? Request { get; set; }

    /// <summary>Whether a batch response did not contain its issuer, so that it is looked up alone from now on.</summary>
    public bool IsLeftOpen { get; set; }

    /// <summary>Whether its latest request was for no other issuer.</summary>
    public bool WasAlone => Request is not { Issuers: > 1 };

    /// <summary>What the members of a request share.</summary>
    /// <param name="Issuers">The number of members.</param>
    /// <param name="Chance">
    /// A random number from 0 to 1, drawn once for all. After a failure they all wait for the same time, and are sent together again.
    /// </param>
    internal sealed record RequestFacts(int Issuers, double Chance);
}
