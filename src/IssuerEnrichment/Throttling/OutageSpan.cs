namespace IssuerEnrichment.Throttling;

/// <summary>When an outage was, in timestamps.</summary>
/// <param name="Since">When the first failure was heard of.</param>
/// <param name="Until">When the service answered again; the latest time there is while it does not.</param>
internal readonly record struct OutageSpan(long Since, long Until = long.MaxValue)
{
    public bool Contains(long timestamp) => timestamp >= Since && timestamp < Until;
}
