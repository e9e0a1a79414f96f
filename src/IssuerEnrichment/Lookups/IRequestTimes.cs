namespace IssuerEnrichment.Lookups;

/// <summary>Tells when a lookup has requests in flight that have timeouts of their own.</summary>
internal interface IRequestTimes
{
    /// <summary>Returns the timestamp since which no such request is in flight, or <paramref name="now"/> if one is.</summary>
    long IdleSince(long now);
}
