namespace IssuerEnrichment.Runs;

/// <summary>Enumerates a run on a thread that may block.</summary>
internal static class BlockingEnumeration
{
    // The caller asked to block. This cannot deadlock, because nothing in a run resumes on the caller's synchronization context.
    public static IEnumerable<TOutcome> ToBlocking<TOutcome>(this IAsyncEnumerable<TOutcome> run, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TOutcome> outcomes = run.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (outcomes.MoveNextAsync().AsTask().GetAwaiter().GetResult())
                yield return outcomes.Current;
        }
        finally
        {
            outcomes.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
