using System.Runtime.InteropServices;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>The header of an index. It is followed by the LEIs in order, the position of each LEI's first ISIN, and the ISINs.</summary>
/// <remarks>Written in the machine's own byte order. The mark reveals an index of a machine with another byte order.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct IndexHeader
{
    public const ulong ExpectedMark = 0x3258_4946_4945_4C47; // GLEIFIX2

    public ulong Mark;

    /// <summary>The checksum of the whole index, computed with zero in this field.</summary>
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

    /// <summary>The position of the first ISIN.</summary>
    public readonly long IsinsAt => Size + (Leis * LeiKey.Size) + ((Leis + 1) * sizeof(int));

    /// <summary>Returns whether this is the header of a complete index with this length.</summary>
    public readonly bool Fits(long length) => Mark == ExpectedMark
        && Leis is >= 0 and < int.MaxValue && Isins is >= 0 and < int.MaxValue && IsinsAt + (Isins * sizeof(ulong)) == length;

    /// <summary>Returns whether the index belongs to the current state of a source file, by its length and time of last change.</summary>
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
