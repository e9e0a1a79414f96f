namespace IssuerEnrichment;

/// <summary>The outcomes of one run, as they come; and its report.</summary>
/// <remarks>
/// Enumerate it once. Nothing starts before that; leaving the enumeration half-way cancels what is in flight and waits for it. Cancelling the
/// enumeration throws <see cref="OperationCanceledException"/> after everything in flight has ended. The source sequence and the strategy run
/// concurrently with the consumer; the consumer's own code runs only where it enumerates.
/// </remarks>
public interface IEnrichmentRun : IAsyncEnumerable<EnrichmentOutcome>
{
    /// <summary>The run so far; complete, and balanced, when the enumeration has ended. Read it from the flow that enumerates.</summary>
    EnrichmentReport Report { get; }
}
