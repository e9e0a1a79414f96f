using System.Runtime.InteropServices;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>The beginning of an index; after it come the LEIs in their order, where each one's ISINs begin, and the ISINs.</summary>
/// <remarks>It is written as this machine has it in memory. On one with another order of bytes the mark would be another.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexHeader
{
    public const ulong ExpectedMark = 0x3258_4946_4945_4C47; // GLEIFIX2

    public ulong Mark;

    /// <summary>Of the whole index, with zero in this place.</summary>
    public ulong Checksum;

    public long SourceLength;
    public long SourceTime;
    public long DataDate;
    public long Rows;
    public long Leis;
    public long Isins;
    public long Duplicates;
    public long ShortRows;
    public long BadLeis;
    public long BadIsins;

    public static int Size => Marshal.SizeOf<IndexHeader>();

    /// <summary>Where the first ISIN is.</summary>
    public readonly long IsinsAt => Size + (Leis * LeiKey.Size) + ((Leis + 1) * sizeof(int));

    /// <summary>Whether it is the header of a whole index of this length.</summary>
    public readonly bool Fits(long length) => Mark == ExpectedMark
        && Leis is >= 0 and < int.MaxValue && Isins is >= 0 and < int.MaxValue && IsinsAt + (Isins * sizeof(ulong)) == length;

    /// <summary>The mark that tells a source's changes: its length and when it was last written.</summary>
    public readonly bool IsOf(FileInfo source) => SourceLength == source.Length && SourceTime == source.LastWriteTimeUtc.Ticks;

    public readonly GleifFileSummary ToSummary() => new()
    {
        DataDate = DataDate == 0 ? null : new DateTimeOffset(DataDate, TimeSpan.Zero),
        Rows = Rows,
        Leis = Leis,
        Isins = Isins,
        Duplicates = Duplicates,
        ShortRows = ShortRows,
        BadLeis = BadLeis,
        BadIsins = BadIsins,
    };
}
