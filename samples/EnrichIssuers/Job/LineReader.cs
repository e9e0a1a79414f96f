namespace EnrichIssuers.Job;

/// <summary>Reads a text line by line, with any of the three line endings and with a maximum length.</summary>
internal sealed class LineReader(TextReader text)
{
    private const int MaxLine = 1 << 24;

    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _wasReturn;

    /// <summary>Returns the next line without its ending; null after the last one.</summary>
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

    // A line feed after a carriage return is part of the same line ending, and may be in the next block.
    private void SkipSecondHalf()
    {
        if (!_wasReturn || _start == _end)
            return;
        _wasReturn = false;
        if (_buffer[_start] == '\n')
            _start++;
    }

    // Returns the length of the incomplete line, after moving it to the start of the buffer.
    private int MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == MaxLine)
            throw new UsageException($"--ids contains a line of more than {MaxLine} characters; one id per line is expected.");
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
