namespace EnrichIssuers.Job;

/// <summary>What the job has to say cannot be written.</summary>
internal sealed class OutputException(string option, Exception cause) : Exception($"{option} cannot be written: {cause.Message}", cause)
{
    private const int BrokenPipe = 32;

    /// <summary>Whether the reader of a pipe has left, as <c>head</c> does when it has enough.</summary>
    public bool IsReaderGone => InnerException!.HResult == BrokenPipe;
}
