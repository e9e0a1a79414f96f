using System.Buffers.Binary;

namespace IssuerEnrichment.Gleif.Files;

/// <summary>The twenty characters of a LEI as numbers, in the order of their text.</summary>
internal readonly record struct LeiKey(ulong High, ulong Middle, uint Low) : IComparable<LeiKey>
{
    public const int Size = Lei.Length;

    public static LeiKey Read(ReadOnlySpan<byte> text) => new(
        BinaryPrimitives.ReadUInt64BigEndian(text),
        BinaryPrimitives.ReadUInt64BigEndian(text[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(text[16..]));

    public void Write(Span<byte> text)
    {
        BinaryPrimitives.WriteUInt64BigEndian(text, High);
        BinaryPrimitives.WriteUInt64BigEndian(text[8..], Middle);
        BinaryPrimitives.WriteUInt32BigEndian(text[16..], Low);
    }

    public int CompareTo(LeiKey other) => (High, Middle, Low).CompareTo((other.High, other.Middle, other.Low));
}
