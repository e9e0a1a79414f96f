namespace EnrichIssuers.Job;

/// <summary>Thrown when an output cannot be written.</summary>
internal sealed class OutputException(string option, Exception cause) : Exception($"{option} cannot be written: {cause.Message}", cause)
{
    private const int BrokenPipe = 32;

    /// <summary>Whether the reader has closed its end of a pipe, as <c>head</c> does.</summary>
    public bool IsReaderGone => InnerException!.HResult == BrokenPipe;
}
