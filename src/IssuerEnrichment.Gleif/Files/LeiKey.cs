using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>The twenty characters of a LEI packed into numbers, which sort like the text.</summary>
internal readonly record struct LeiKey(ulong High, ulong Middle, uint Low) : IComparable<LeiKey>
{
    public const int Size = Lei.Length;

    /// <summary>Tries to pack twenty ASCII characters.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out LeiKey key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        key = default;
        if (text.Length != Size || Ascii.FromUtf16(text, bytes, out _) != OperationStatus.Done)
            return false;
        key = new LeiKey(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));
        return true;
    }

    public void Write(Span<byte> text)
    {
        BinaryPrimitives.WriteUInt64BigEndian(text, High);
        BinaryPrimitives.WriteUInt64BigEndian(text[8..], Middle);
        BinaryPrimitives.WriteUInt32BigEndian(text[16..], Low);
    }

    public int CompareTo(LeiKey other) => (High, Middle, Low).CompareTo((other.High, other.Middle, other.Low));
}
