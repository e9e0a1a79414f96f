using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EnrichIssuers.Job;

/// <summary>Writes results as JSON lines. The buffer is flushed when it is full, and ten times a second.</summary>
internal sealed class ResultWriter : IAsyncDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly Stream _stream;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferSize);
    private readonly Utf8JsonWriter _json;
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(100));
    private readonly CancellationTokenSource _broken = new();
    private readonly Task _flushing;
    private OutputException? _failure;
    private bool _hasBegun;

    public ResultWriter(Stream stream)
    {
        _stream = stream;

        // The lines are not embedded in web pages, so only the characters that JSON requires are escaped.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _flushing = FlushRegularlyAsync();
    }

    /// <summary>Cancelled when the output can no longer be written.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <exception cref="OutputException">The output cannot be written.</exception>
    public void Write(EnrichmentOutcome outcome)
    {
        lock (_lock)
        {
            ResultLine.Write(_json, outcome);
            _json.Flush();
            _json.Reset();
            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= BufferSize)
                WriteBuffer();
        }
    }

    /// <summary>Flushes the buffer.</summary>
    /// <exception cref="OutputException">The output cannot be written.</exception>
    public void Flush()
    {
        lock (_lock)
            WriteBuffer();
    }

    /// <summary>Flushes the rest of the buffer. Without any result, the output is truncated.</summary>
    /// <exception cref="OutputException">The output cannot be written.</exception>
    public void Complete()
    {
        lock (_lock)
            WriteBuffer(isLast: true);
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _flushing;
        await _json.DisposeAsync();
        await _stream.DisposeAsync();
        _broken.Dispose();
    }

    private async Task FlushRegularlyAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync())
                Flush();
        }
        catch (OutputException)
        {
            await _broken.CancelAsync();
        }
    }

    private void WriteBuffer(bool isLast = false)
    {
        if (_failure is not null)
            throw _failure;
        try
        {
            if (_buffer.WrittenCount == 0 && !isLast)
                return;
            if (!_hasBegun)
                JobFile.Truncate(_stream);
            _hasBegun = true;
            _stream.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = new OutputException("--out", e);
        }
    }
}
