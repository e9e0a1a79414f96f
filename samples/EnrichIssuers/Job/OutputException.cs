namespace EnrichIssuers.Job;

/// <summary>The results cannot be written any more.</summary>
internal sealed class OutputException(IOException cause) : Exception(cause.Message, cause)
{
    private const int BrokenPipe = 32;

    /// <summary>Whether the reader of the results has left, as <c>head</c> does when it has enough.</summary>
    public bool IsReaderGone => InnerException!.HResult == BrokenPipe;
}
