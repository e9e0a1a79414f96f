namespace IssuerEnrichment;

/// <summary>The progress of a run.</summary>
/// <param name="Settled">The number of inputs that have an outcome.</param>
/// <param name="Total">The number of all inputs; null if the length of the sequence is unknown.</param>
/// <param name="Enriched">The number of inputs that were enriched.</param>
/// <param name="Failed">The number of inputs that failed, were invalid or were not attempted.</param>
/// <param name="Elapsed">The time since the run started.</param>
public readonly record struct EnrichmentProgress(long Settled, long? Total, long Enriched, long Failed, TimeSpan Elapsed)
{
    /// <summary>The estimated time left, at the average pace so far; null while it is unknown.</summary>
    public TimeSpan? Remaining => Settled > 0 && Total is { } total ? Elapsed / Settled * Math.Max(0, total - Settled) : null;
}
