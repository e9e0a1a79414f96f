namespace EnrichIssuers.Job;

/// <summary>Reads a text line by line, whichever of the three line endings it has, and no line that is longer than an id could be.</summary>
internal sealed class LineReader(TextReader text)
{
    private const int MaxLine = 1 << 24;

    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _wasReturn;

    /// <summary>The next line without its ending; null after the last one.</summary>
    public ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOfAny('\n', '\r');
        return length >= 0 && !_wasReturn ? new ValueTask<string?>(Take(length)) : ReadOnAsync(cancellationToken);
    }

    private async ValueTask<string?> ReadOnAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            SkipSecondHalf();
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny('\n', '\r');
            if (length >= 0)
                return Take(searched + length);
            searched = MakeRoom();
            int read = await text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                return _end > 0 ? Take(_end) : null;
            _end += read;
        }
    }

    // The line feed after a carriage return belongs to it, and may come with the next piece.
    private void SkipSecondHalf()
    {
        if (!_wasReturn || _start == _end)
            return;
        _wasReturn = false;
        if (_buffer[_start] == '\n')
            _start++;
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
        string line = new(_buffer, _start, length);
        _wasReturn = _start + length < _end && _buffer[_start + length] == '\r';
        _start = Math.Min(_start + length + 1, _end);
        return line;
    }
}
