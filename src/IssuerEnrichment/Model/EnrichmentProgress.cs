namespace IssuerEnrichment;

/// <summary>How far a run has come.</summary>
/// <param name="Settled">Inputs that have their outcome.</param>
/// <param name="Total">All inputs; null where the sequence does not say.</param>
/// <param name="Enriched">Of the settled ones, those enriched.</param>
/// <param name="Failed">Of the settled ones, those that failed, were invalid or not attempted.</param>
/// <param name="Elapsed">Time since the run began.</param>
public readonly record struct EnrichmentProgress(long Settled, long? Total, long Enriched, long Failed, TimeSpan Elapsed)
{
    /// <summary>The time left at the pace so far; null while that cannot be told.</summary>
    public TimeSpan? Remaining => Settled > 0 && Total is { } total ? Elapsed / Settled * Math.Max(0, total - Settled) : null;
}
