using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EnrichIssuers.Job;

/// <summary>Writes results as JSON lines, in large pieces.</summary>
internal sealed class ResultWriter : IDisposable
{
    private const int PieceSize = 1 << 16;

    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _buffer = new(PieceSize);
    private readonly Utf8JsonWriter _json;

    public ResultWriter(Stream stream)
    {
        _stream = stream;

        // The lines are read by programs, not put into web pages, so only what JSON demands is escaped.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    public void Write(ResultLine line)
    {
        JsonSerializer.Serialize(_json, line, JobJson.Default.ResultLine);
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= PieceSize)
            Flush();
    }

    /// <summary>Hands over what has been written so far.</summary>
    /// <exception cref="OutputException">It could not be written.</exception>
    public void Flush()
    {
        try
        {
            _stream.Write(_buffer.WrittenSpan);
            _stream.Flush();
        }
        catch (IOException e)
        {
            throw new OutputException(e);
        }

        _buffer.ResetWrittenCount();
    }

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }
}
