namespace IssuerEnrichment.Throttling;

/// <summary>The time span of an outage, in timestamps.</summary>
/// <param name="Since">When the first failure was received.</param>
/// <param name="Until">When the service answered again; the maximum value while it does not.</param>
internal readonly record struct OutageSpan(long Since, long Until = long.MaxValue)
{
    public bool Contains(long timestamp) => timestamp >= Since && timestamp < Until;
}
