using System.IO.Compression;
using System.IO.Hashing;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>The content of a file in a zip, with a check of its length and checksum at the end, which <see cref="ZipArchive"/> does not do.</summary>
internal sealed class ZipEntryStream(ZipArchiveEntry entry) : Stream
{
    private readonly Stream _content = entry.Open();
    private readonly Crc32 _checksum = new();
    private long _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Checks the length and the checksum. Everything must have been read.</summary>
    /// <exception cref="InvalidDataException">They differ from those in the zip's directory.</exception>
    public void CheckEnd()
    {
        if (_length != entry.Length)
            throw new InvalidDataException($"{entry.Name} in the zip is cut short: it has {_length} bytes instead of {entry.Length}");
        if (_checksum.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new InvalidDataException($"{entry.Name} in the zip is damaged: its checksum differs from that in the zip's directory");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = _content.Read(buffer);
        _checksum.Append(buffer[..read]);
        _length += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
