using System.Text;

namespace EnrichIssuers.Job;

/// <summary>The text of an input that may have no end, such as a terminal or a pipe: it ends there when the job is stopped.</summary>
/// <param name="stream">The input: UTF-8, or what its byte order mark says.</param>
/// <param name="end">Ends it.</param>
internal sealed class InputText(Stream stream, CancellationToken end) : TextReader
{
    private readonly StreamReader _text = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16);

    /// <exception cref="UsageException">It is no text.</exception>
    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        // A terminal or a pipe hears no cancellation, so the read is left to itself.
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(end, cancellationToken);
        try
        {
            int read = await _text.ReadAsync(buffer, CancellationToken.None).AsTask().WaitAsync(leaving.Token);
            if (buffer.Span[..read].Contains('\0'))
                throw new UsageException("--ids holds zero bytes, as UTF-16 without a byte order mark does; save it as UTF-8.");
            return read;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has been read is all there is.
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
