using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>Reads GLEIF's file, zipped or not, in one pass.</summary>
internal static partial class IsinFileReader
{
    // Some 20,000 rows; no line of a good file comes near it.
    private const int BufferSize = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads all rows.</summary>
    /// <param name="file">The file; it must be seekable.</param>
    /// <param name="name">What it is called, which may tell its date.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">It is no file of GLEIF's.</exception>
    public static (IsinRows Rows, DateTimeOffset? DataDate) Read(Stream file, string name, CancellationToken cancellationToken)
    {
        IsinRows rows = new();
        if (!IsZip(file))
        {
            ReadLines(file, rows, cancellationToken);
            return (rows, DateIn(name));
        }

        using ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry entry = archive.Entries.FirstOrDefault(entry => entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidDataException("there is no CSV file in the zip");
        using Stream lines = entry.Open();
        ReadLines(lines, rows, cancellationToken);
        return (rows, DateIn(name) ?? DateIn(entry.Name));
    }

    private static bool IsZip(Stream file)
    {
        Span<byte> start = stackalloc byte[4];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position -= read;
        return start[..read].SequenceEqual("PK\u0003\u0004"u8);
    }

    private static void ReadLines(Stream stream, IsinRows rows, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        int filled = 0;
        bool isHeaderDue = true;
        bool isInLongLine = false;
        for (bool isEnd = false; !isEnd;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = stream.Read(buffer, filled, buffer.Length - filled);
            isEnd = read == 0;
            filled += read;
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, filled);
            while (rest.IndexOf((byte)'\n') is >= 0 and int length)
            {
                Take(rest[..length]);
                rest = rest[(length + 1)..];
            }

            if (isEnd || rest.Length == buffer.Length)
            {
                Take(rest);
                isInLongLine = !isEnd;
                rest = default;
            }

            rest.CopyTo(buffer);
            filled = rest.Length;
        }

        void Take(ReadOnlySpan<byte> line)
        {
            line = line.TrimEnd("\r \t"u8);
            if (isHeaderDue)
            {
                CheckHeader(line);
                isHeaderDue = false;
            }
            else if (isInLongLine)
            {
                isInLongLine = false;
            }
            else if (line.Length > BufferSize / 2)
            {
                rows.AddUnreadable();
            }
            else if (!line.IsEmpty)
            {
                rows.Add(line);
            }
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(ByteOrderMark))
            line = line[ByteOrderMark.Length..];
        if (!Ascii.EqualsIgnoreCase(line, "LEI,ISIN"u8) && !Ascii.EqualsIgnoreCase(line, "\"LEI\",\"ISIN\""u8))
            throw new InvalidDataException("its first line is not LEI,ISIN");
    }

    private static DateTimeOffset? DateIn(string name) => DateTimeOffset.TryParseExact(
        Timestamp().Match(name).Value, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
        ? date
        : null;

    [GeneratedRegex("[0-9]{8}T[0-9]{6}")]
    private static partial Regex Timestamp();
}
