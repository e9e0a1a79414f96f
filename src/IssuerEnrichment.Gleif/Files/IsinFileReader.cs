using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using nietras.SeparatedValues;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>
/// Reads GLEIF's file, zipped or not, in one pass. Rejects damaged and other files, because they would seem to have no ISINs for any LEI.
/// </summary>
internal static partial class IsinFileReader
{
    // This many rows take a few milliseconds.
    private const int RowsBetweenLooks = 1 << 16;

    private static readonly SepReaderOptions Format = Sep.New(',').Reader(options => options with
    {
        HasHeader = false,
        Unescape = true,
        DisableColCountCheck = true,
    });

    /// <summary>Reads all rows.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The file's name, which may contain its date.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="InvalidDataException">The file is not GLEIF's, or is damaged.</exception>
    public static (IsinRows Rows, DateTimeOffset? DataDate) Read(Stream file, string name, CancellationToken cancellationToken)
    {
        // A stream of a download: a zip must be buffered first, because its directory is at the end.
        if (!file.CanSeek)
        {
            using FileStream copy = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            Copy(file, copy, cancellationToken);
            copy.Position = 0;
            return Read(copy, name, cancellationToken);
        }

        if (!IsZip(file))
            return (ReadRows(file, cancellationToken), DateIn(name));

        using ZipArchive archive = new(file, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))];
        if (entries is not [var entry])
            throw new InvalidDataException($"the zip must contain one CSV file, but contains {entries.Length}");
        using ZipEntryStream content = new(entry);
        IsinRows rows = ReadRows(content, cancellationToken);
        content.CheckEnd();
        return (rows, DateIn(name) ?? DateIn(entry.Name));
    }

    private static bool IsZip(Stream file)
    {
        Span<byte> start = stackalloc byte[4];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position -= read;
        return start[..read].SequenceEqual("PK\u0003\u0004"u8);
    }

    private static void Copy(Stream from, Stream to, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = from.Read(buffer)) > 0; to.Write(buffer, 0, read))
            cancellationToken.ThrowIfCancellationRequested();
    }

    private static IsinRows ReadRows(Stream stream, CancellationToken cancellationToken)
    {
        IsinRows rows = new();
        try
        {
            using StreamReader text = new(stream, leaveOpen: true);
            using SepReader reader = Format.From(text);
            if (!reader.MoveNext())
                throw new InvalidDataException("it is empty");
            int lei = ColumnOf(reader.Current, "LEI");
            int isin = ColumnOf(reader.Current, "ISIN");
            if (lei < 0 || isin < 0)
                throw new InvalidDataException("its first line does not name the columns LEI and ISIN, separated by commas");
            while (reader.MoveNext())
            {
                if (rows.Read % RowsBetweenLooks == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                SepReader.Row row = reader.Current;
                bool isGood = false;
                if (row.ColCount > Math.Max(lei, isin))
                    isGood = rows.TryAdd(row[lei].Span, row[isin].Span);
                else if (row.ColCount > 1 || !row[0].Span.IsWhiteSpace())
                    rows.AddShort();

                // The row spans several lines, which may have been valid rows.
                if (!isGood && row.LineNumberToExcl - row.LineNumberFrom > 1)
                    throw new InvalidDataException($"the quotation mark in line {row.LineNumberFrom} is not closed");
            }
        }
        catch (NotSupportedException e)
        {
            throw new InvalidDataException("one of its lines is too long, for example because of an unclosed quotation mark", e);
        }

        Check(rows.Summarize(), rows.Count);
        return rows;
    }

    private static int ColumnOf(SepReader.Row header, string name)
    {
        for (int column = 0; column < header.ColCount; column++)
        {
            if (header[column].Span.Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return column;
        }

        return -1;
    }

    // A few bad rows are tolerated. If they outnumber the good ones, the file has been misread.
    private static void Check(GleifFileSummary read, int good)
    {
        if (read.Rows == 0)
            throw new InvalidDataException("it has a header but no rows");
        if (read.Skipped > good)
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{read.Skipped:N0} of its {read.Rows:N0} rows cannot be read: {read.ShortRows:N0} are short, {read.BadLeis:N0} have no LEI, {read.BadIsins:N0} no ISIN"));
    }

    private static DateTimeOffset? DateIn(string name) => DateTimeOffset.TryParseExact(
        Timestamp().Match(name).Value, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
        ? date
        : null;

    [GeneratedRegex("[0-9]{8}T[0-9]{6}")]
    private static partial Regex Timestamp();
}
