using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>Sorts a file's rows by LEI and ISIN and writes them to an index. An older index is replaced atomically.</summary>
internal static class IsinIndexWriter
{
    public static GleifFileSummary Write(IsinRows rows, string path, DateTimeOffset? dataDate, FileInfo? source)
    {
        (LeiKey[] leis, int[] numbers) = SortLeis(rows);
        int[] starts = new int[rows.Counts.Count];
        for (int i = 0, start = 0; i < numbers.Length; i++)
        {
            starts[numbers[i]] = start;
            start += rows.Counts[numbers[i]];
        }

        ulong[] isins = Place(rows, [.. starts]);
        int[] offsets = SortAndCompact(isins, starts, numbers, rows.Counts);
        GleifFileSummary read = rows.Summarize();
        IndexHeader header = new()
        {
            Mark = IndexHeader.ExpectedMark,
            SourceLength = source?.Length ?? 0,
            SourceTime = source?.LastWriteTimeUtc.Ticks ?? 0,
            DataDate = dataDate?.UtcTicks ?? 0,
            Rows = read.Rows,
            Leis = leis.Length,
            Isins = offsets[^1],
            Duplicates = rows.Count - offsets[^1],
            ShortRows = read.ShortRows,
            BadLeis = read.BadLeis,
            BadIsins = read.BadIsins,
        };
        Save(path, header, leis, offsets, isins.AsSpan(0, offsets[^1]));
        return header.ToSummary();
    }

    private static (LeiKey[] Leis, int[] Numbers) SortLeis(IsinRows rows)
    {
        LeiKey[] leis = [.. rows.Leis.Keys];
        int[] numbers = [.. rows.Leis.Values];
        Array.Sort(leis, numbers);
        return (leis, numbers);
    }

    // A counting sort: the number of rows of each LEI is known, and thus the position of each row.
    private static ulong[] Place(IsinRows rows, int[] next)
    {
        ulong[] isins = new ulong[rows.Count];
        foreach (ArraySegment<IsinRow> block in rows.Drain())
        {
            foreach (IsinRow row in block)
                isins[next[row.Lei]++] = row.Isin;
        }

        return isins;
    }

    // Moves the ISINs to the front, removing duplicates. Returns where the ISINs of each LEI start then.
    private static int[] SortAndCompact(ulong[] isins, int[] starts, int[] numbers, IReadOnlyList<int> counts)
    {
        int[] offsets = new int[numbers.Length + 1];
        int end = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            Span<ulong> own = isins.AsSpan(starts[numbers[i]], counts[numbers[i]]);
            own.Sort();
            offsets[i] = end;
            foreach (ulong isin in own)
            {
                if (end == offsets[i] || isins[end - 1] != isin)
                    isins[end++] = isin;
            }
        }

        offsets[^1] = end;
        return offsets;
    }

    private static void Save(string path, IndexHeader header, LeiKey[] leis, int[] offsets, ReadOnlySpan<ulong> isins)
    {
        string draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                XxHash3 checksum = new();
                Write(MemoryMarshal.AsBytes(new ReadOnlySpan<IndexHeader>(in header)));
                Span<byte> text = stackalloc byte[LeiKey.Size];
                foreach (LeiKey lei in leis)
                {
                    lei.Write(text);
                    Write(text);
                }

                Write(MemoryMarshal.AsBytes(offsets.AsSpan()));
                Write(MemoryMarshal.AsBytes(isins));

                header.Checksum = checksum.GetCurrentHashAsUInt64();
                file.Position = 0;
                file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<IndexHeader>(in header)));

                void Write(ReadOnlySpan<byte> part)
                {
                    checksum.Append(part);
                    file.Write(part);
                }
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
