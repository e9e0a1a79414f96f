namespace IssuerEnrichment.Lookups;

/// <summary>Runs the lookups of one run.</summary>
internal interface ILookupRunner
{
    /// <summary>Runs a lookup until it completes or gives up its slot.</summary>
    ValueTask RunAsync(IssuerLookup lookup);

    /// <summary>Runs a lookup on the calling thread, which also makes its blocking calls.</summary>
    void Run(IssuerLookup lookup, Action leaveBehind);
}
