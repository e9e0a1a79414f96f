using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Batching;

/// <summary>Determines the size of a service's batches, and which failed batches are bisected. Shared by all runs; thread-safe.</summary>
/// <remarks>
/// Finding k bad issuers among n takes about 2k·log2(n/k) + 2k requests, and never more than 2n - 2. Issuers that get answers fill the budget, so a
/// service that rejects every batch soon gets no more bisections.
/// </remarks>
internal sealed class BatchPolicy(BatchOptions options)
{
    private const int RequestsPerSplit = 2;
    private const int MostSaved = 10;

    private readonly TokenBalance _budget = new(2 * options.MaxSize, MostSaved * 2 * options.MaxSize);
    private int _maxSize = options.MaxSize;

    public TimeSpan MaxWait => options.MaxWait;

    /// <summary>The maximum number of issuers in one request that the service accepts, as far as is known.</summary>
    public int MaxSize => Volatile.Read(ref _maxSize);

    /// <summary>Returns the maximum size of a batch that includes this lookup.</summary>
    /// <remarks>
    /// A failure of the service may be caused by one issuer, or by the size of the batch. Every failed attempt and every failed probe therefore
    /// reduces the size to a quarter: four attempts isolate a bad issuer in a batch of 100.
    /// </remarks>
    public int LimitFor(RequestContext lookup) =>
        lookup.Retry is { } retry ? Math.Max(1, MaxSize >> Math.Min(30, 2 * (retry.Failures + retry.FailedBatchProbes))) : MaxSize;

    /// <summary>Adds to the budget, because issuers got answers.</summary>
    public void Deposit(int issuers) => _budget.Add(options.BisectionBudget * issuers);

    /// <summary>Judges a failed batch request. Returns the error for all its issuers, or null if the batch is to be bisected.</summary>
    public Exception? Judge(Exception exception, int size)
    {
        Judgement judgement = AnswerJudge.Judge(exception);
        EnrichmentError error = judgement.Error!;
        if (error.HttpStatus is 413 or 414)
        {
            Shrink(size / 2);
            return null;
        }

        // A transient failure may not recur, and denied access does not depend on the issuers.
        if (exception is ServiceDownException || judgement.IsTransient || judgement.Meaning == AnswerMeaning.Denied)
            return exception;
        return _budget.TryTake(RequestsPerSplit) ? null : OverBudget(error, size, exception);
    }

    private void Shrink(int size)
    {
        for (int known = MaxSize; size < known; known = MaxSize)
            Interlocked.CompareExchange(ref _maxSize, size, known);
    }

    private static IssuerServiceException OverBudget(EnrichmentError error, int size, Exception cause) => new(
        error.Kind,
        $"{error.Message} The batch had {size} issuers. Which of them caused the failure is unknown, because the bisection budget is used up (Batch.BisectionBudget).",
        isTransient: false,
        cause)
    {
        HttpStatus = error.HttpStatus,
    };
}
