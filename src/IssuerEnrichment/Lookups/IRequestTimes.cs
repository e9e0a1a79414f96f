namespace IssuerEnrichment.Lookups;

/// <summary>When requests of a lookup are under way that are timed by themselves.</summary>
internal interface IRequestTimes
{
    /// <summary>Since when none is under way, as a timestamp; now, where one is.</summary>
    long IdleSince(long now);
}
