using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Batching;

/// <summary>How large the batches of a service are, and which of those that fail are taken apart. Shared by all its runs; thread-safe.</summary>
/// <remarks>
/// Finding k bad issuers among n takes about 2k·log2(n/k) + 2k requests, and never more than 2n - 2. Issuers that get answers pay for them, so a
/// service that refuses everybody is not asked for long.
/// </remarks>
internal sealed class BatchPolicy(BatchOptions options)
{
    private const int RequestsPerSplit = 2;
    private const int MostSaved = 10;

    private readonly TokenBalance _budget = new(2 * options.MaxSize, MostSaved * 2 * options.MaxSize);
    private int _maxSize = options.MaxSize;

    public TimeSpan MaxWait => options.MaxWait;

    /// <summary>The most issuers that the service takes in one request, as far as is known.</summary>
    public int MaxSize => Volatile.Read(ref _maxSize);

    /// <summary>How many may be asked for together with this one.</summary>
    /// <remarks>
    /// A failure of the service can be one issuer's fault, or that of the batch's size. So every failed attempt, and every vain probe, brings a
    /// quarter of the company: four attempts take a bad issuer out of a batch of 100.
    /// </remarks>
    public int LimitFor(RequestContext lookup) =>
        lookup.Retry is { } retry ? Math.Max(1, MaxSize >> Math.Min(30, 2 * (retry.Failures + retry.FailedBatchProbes))) : MaxSize;

    /// <summary>Issuers got their answers.</summary>
    public void Deposit(int issuers) => _budget.Add(options.BisectionBudget * issuers);

    /// <summary>Judges a failed request for several issuers: gives the error that ends it for all, or null where it is to be taken apart.</summary>
    public Exception? Judge(Exception exception, int size)
    {
        Judgement judgement = AnswerJudge.Judge(exception);
        EnrichmentError error = judgement.Error!;
        if (error.HttpStatus is 413 or 414)
        {
            Shrink(size / 2);
            return null;
        }

        // What the service fails at now it may do later, and denied access has nothing to do with the issuers.
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
        $"{error.Message} It was asked for {size} issuers at once; which of them is to blame is not known, for the budget to find out is used up (Batch.BisectionBudget).",
        isTransient: false,
        cause)
    {
        HttpStatus = error.HttpStatus,
    };
}
