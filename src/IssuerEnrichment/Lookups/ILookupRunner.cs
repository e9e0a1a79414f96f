namespace IssuerEnrichment.Lookups;

/// <summary>Runs the lookups of one run.</summary>
internal interface ILookupRunner
{
    /// <summary>Runs a lookup until it completes or gives its place up.</summary>
    ValueTask RunAsync(IssuerLookup lookup);

    /// <summary>The same on the calling thread, which makes the blocking calls.</summary>
    void Run(IssuerLookup lookup, Action leaveBehind);
}
