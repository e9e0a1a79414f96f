namespace IssuerEnrichment;

/// <summary>A run: a stream of outcomes, and a report.</summary>
/// <remarks>
/// A run can be enumerated once, and starts when it is. Leaving the enumeration early cancels all lookups in flight and waits for them to end.
/// Cancelling the enumeration throws <see cref="OperationCanceledException"/> after they have ended. The input sequence and the strategy run
/// concurrently with the consumer. The consumer's own code runs only on the thread that enumerates.
/// </remarks>
public interface IEnrichmentRun : IAsyncEnumerable<EnrichmentOutcome>
{
    /// <summary>
    /// The report of the run so far. It is complete when the enumeration has ended. Only the code that enumerates the run may read it.
    /// </summary>
    EnrichmentReport Report { get; }
}
