using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EnrichIssuers.Job;

/// <summary>Writes results as JSON lines: in large pieces, and what there is ten times a second, so that nobody waits for a piece to fill.</summary>
internal sealed class ResultWriter : IAsyncDisposable
{
    private const int PieceSize = 1 << 16;

    private readonly Stream _stream;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _piece = new(2 * PieceSize);
    private readonly Utf8JsonWriter _json;
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(100));
    private readonly CancellationTokenSource _broken = new();
    private readonly Task _flushing;
    private OutputException? _failure;
    private bool _hasBegun;

    public ResultWriter(Stream stream)
    {
        _stream = stream;

        // The lines are read by programs, not put into web pages, so only what JSON demands is escaped.
        _json = new Utf8JsonWriter(_piece, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _flushing = FlushRegularlyAsync();
    }

    /// <summary>Cancelled when nothing can be written any more.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <exception cref="OutputException">It could not be written.</exception>
    public void Write(EnrichmentOutcome outcome)
    {
        lock (_lock)
        {
            ResultLine.Write(_json, outcome);
            _json.Flush();
            _json.Reset();
            _piece.Write("\n"u8);
            if (_piece.WrittenCount >= PieceSize)
                WritePiece();
        }
    }

    /// <summary>Hands over what has been written so far.</summary>
    /// <exception cref="OutputException">It could not be written.</exception>
    public void Flush()
    {
        lock (_lock)
            WritePiece();
    }

    /// <summary>Hands over the rest. Where there was nothing, the output is empty from now on.</summary>
    /// <exception cref="OutputException">It could not be written.</exception>
    public void Complete()
    {
        lock (_lock)
            WritePiece(isLast: true);
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

    private void WritePiece(bool isLast = false)
    {
        if (_failure is not null)
            throw _failure;
        try
        {
            if (_piece.WrittenCount == 0 && !isLast)
                return;
            if (!_hasBegun)
                JobFile.Begin(_stream);
            _hasBegun = true;
            _stream.Write(_piece.WrittenSpan);
            _piece.ResetWrittenCount();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _failure = new OutputException("--out", e);
        }
    }
}
