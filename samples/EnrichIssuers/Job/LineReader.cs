using System.Text;

namespace EnrichIssuers.Job;

/// <summary>Reads lines that end with LF or CRLF, as UTF-8, in large pieces. A lone CR is part of its line.</summary>
/// <param name="stream">The text; a byte order mark is skipped.</param>
/// <param name="end">Ends the reading as if the text ended here. What has been read is given out.</param>
internal sealed class LineReader(Stream stream, CancellationToken end) : IDisposable
{
    private const int MaxLine = 1 << 24;

    private readonly StreamReader _text = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The next line without its ending; null after the last one.</summary>
    public ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf('\n');
        return length >= 0 ? new ValueTask<string?>(Take(length)) : ReadOnAsync(cancellationToken);
    }

    public void Dispose() => _text.Dispose();

    private async ValueTask<string?> ReadOnAsync(CancellationToken cancellationToken)
    {
        // A terminal or a pipe hears no cancellation, so the read is left to itself.
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(end, cancellationToken);
        try
        {
            int searched = MakeRoom();
            while (await _text.ReadAsync(_buffer.AsMemory(_end), CancellationToken.None).AsTask().WaitAsync(leaving.Token) is var read and > 0)
            {
                _end += read;
                int length = _buffer.AsSpan(searched, _end - searched).IndexOf('\n');
                if (length >= 0)
                    return Take(searched + length);
                searched = MakeRoom();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has been read is all there is.
        }

        return _end > 0 ? Take(_end) : null;
    }

    // Gives the length of the line so far, which is now at the front of the buffer.
    private int MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == MaxLine)
            throw new UsageException($"--ids holds a line of more than {MaxLine} characters; one id a line is expected.");
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _end;
    }

    private string Take(int length)
    {
        int textLength = length > 0 && _buffer[_start + length - 1] == '\r' ? length - 1 : length;
        string line = new(_buffer, _start, textLength);
        _start = Math.Min(_start + length + 1, _end);
        return line;
    }
}
