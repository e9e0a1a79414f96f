using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>An open index. The LEIs are kept in memory; the ISINs are read from the file. Thread-safe.</summary>
internal sealed class IsinIndex : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly IndexHeader _header;
    private readonly byte[] _leis;
    private readonly int[] _offsets;

    private IsinIndex(SafeFileHandle file, IndexHeader header)
    {
        _file = file;
        _header = header;
        Summary = header.ToSummary();
        _leis = new byte[header.Leis * LeiKey.Size];
        _offsets = new int[header.Leis + 1];
        Read(_leis, IndexHeader.Size);
        Read(MemoryMarshal.AsBytes(_offsets.AsSpan()), IndexHeader.Size + _leis.Length);
    }

    /// <summary>The summary of the file that the index was built from.</summary>
    public GleifFileSummary Summary { get; }

    /// <summary>Tries to open an index; false if it is missing, damaged, or out of date.</summary>
    public static bool TryOpen(string path, FileInfo? source, [NotNullWhen(true)] out IsinIndex? index)
    {
        index = null;
        if (!File.Exists(path))
            return false;
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        IndexHeader header = default;
        RandomAccess.Read(file, MemoryMarshal.AsBytes(new Span<IndexHeader>(ref header)), 0);
        if (header.Fits(RandomAccess.GetLength(file)) && (source is null || header.IsOf(source)) && header.Checksum == ChecksumOf(file, header))
            index = new IsinIndex(file, header);
        else
            file.Dispose();
        return index is not null;
    }

    /// <summary>Opens the index of a file. Builds it first if it is missing, damaged or out of date.</summary>
    /// <param name="path">The file; null if there is only an index.</param>
    /// <param name="indexPath">The index; null means the path with <c>.index</c> appended.</param>
    /// <param name="onBuilt">Invoked with the summary if the index is built.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static IsinIndex OpenOrBuild(string? path, string? indexPath, Action<GleifFileSummary> onBuilt, CancellationToken cancellationToken)
    {
        indexPath ??= $"{path}.index";
        if (TryOpen(indexPath, SourceOf(path), out IsinIndex? index))
            return index;
        if (path is null)
            throw new InvalidDataException("it is not a complete index");
        onBuilt(GleifFileIndex.Build(path, indexPath, cancellationToken));
        return TryOpen(indexPath, SourceOf(path), out index) ? index : throw new IOException("the file changes while it is read");
    }

    /// <summary>Returns the ISINs of a LEI in order; empty if there are none.</summary>
    public string[] Find(string lei)
    {
        Span<byte> text = stackalloc byte[LeiKey.Size];
        Encoding.ASCII.GetBytes(lei, text);
        int at = Search(text);
        if (at < 0)
            return [];
        ulong[] packed = new ulong[_offsets[at + 1] - _offsets[at]];
        Read(MemoryMarshal.AsBytes(packed.AsSpan()), _header.IsinsAt + ((long)_offsets[at] * sizeof(ulong)));
        return Array.ConvertAll(packed, PackedIsin.Unpack);
    }

    public void Dispose() => _file.Dispose();

    private static FileInfo? SourceOf(string? path) => path is null ? null : new FileInfo(path);

    private static ulong ChecksumOf(SafeFileHandle file, IndexHeader header)
    {
        XxHash3 checksum = new();
        header.Checksum = 0;
        checksum.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<IndexHeader>(in header)));
        byte[] buffer = new byte[1 << 20];
        long offset = IndexHeader.Size;
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            checksum.Append(buffer.AsSpan(0, read));
        return checksum.GetCurrentHashAsUInt64();
    }

    private int Search(ReadOnlySpan<byte> lei)
    {
        int low = 0;
        int high = _offsets.Length - 2;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _leis.AsSpan(middle * LeiKey.Size, LeiKey.Size).SequenceCompareTo(lei);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private void Read(Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
                throw new EndOfStreamException("The index is shorter than it was.");
            target = target[read..];
            offset += read;
        }
    }
}
