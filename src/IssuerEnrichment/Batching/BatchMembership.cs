namespace IssuerEnrichment.Batching;

/// <summary>What a lookup has to do with the batches of its run.</summary>
/// <param name="queue">Asks for it together with others.</param>
internal sealed class BatchMembership(IBatchQueue queue)
{
    public IBatchQueue Queue => queue;

    /// <summary>The request that it is a member of, or was when it failed; null where there is none.</summary>
    public RequestFacts? Request { get; set; }

    /// <summary>Whether it is asked for alone from now on, by a client that is asked for many first.</summary>
    public bool IsLeftOpen { get; set; }

    /// <summary>Whether its latest request was for no other issuer.</summary>
    public bool WasAlone => Request is not { Issuers: > 1 };

    /// <summary>What the members of a request share.</summary>
    /// <param name="Issuers">How many they are.</param>
    /// <param name="Chance">Chance from 0 to 1, drawn for all at once: when the request fails they wait for the same time, and meet again.</param>
    internal sealed record RequestFacts(int Issuers, double Chance);
}
