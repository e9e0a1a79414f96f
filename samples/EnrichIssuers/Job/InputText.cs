using System.Text;

namespace EnrichIssuers.Job;

/// <summary>Reads a text input. An input without an end, such as a terminal or a pipe, ends when the job is stopped.</summary>
/// <param name="stream">The input, in UTF-8 or as its byte order mark says.</param>
/// <param name="end">Ends the input.</param>
internal sealed class InputText(Stream stream, CancellationToken end) : TextReader
{
    private readonly StreamReader _text = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);

    /// <exception cref="UsageException">The input is not text.</exception>
    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        // A read from a terminal or a pipe ignores cancellation, so it is abandoned.
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(end, cancellationToken);
        try
        {
            int read = await _text.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(leaving.Token);
            if (buffer.Span[..read].Contains('\0'))
                throw new UsageException("--ids contains zero bytes, as in UTF-16 without a byte order mark; save it as UTF-8.");
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The input ends here.
            return 0;
        }
    }

    public override Task<int> ReadAsync(char[] buffer, int index, int count) => ReadAsync(buffer.AsMemory(index, count)).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _text.Dispose();
        base.Dispose(disposing);
    }
}
