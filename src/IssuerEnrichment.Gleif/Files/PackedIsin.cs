namespace IssuerEnrichment.Gleif.Files;

/// <summary>An ISIN packed into a number: its twelve characters are digits in base 36, so the numbers sort like the text.</summary>
internal static class PackedIsin
{
    private const uint Base = 36;
    private const int HalfLength = Isin.Length / 2;
    private const ulong HalfBase = 1UL * Base * Base * Base * Base * Base * Base;

    /// <summary>Tries to pack a text with the format of an ISIN: two letters, nine letters or digits, one digit.</summary>
    public static bool TryPack(ReadOnlySpan<char> text, out ulong packed)
    {
        packed = 0;
        if (text.Length != Isin.Length || !char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1]) || !char.IsAsciiDigit(text[^1]))
            return false;
        foreach (char character in text)
        {
            uint value = character switch
            {
                >= '0' and <= '9' => (uint)(character - '0'),
                >= 'A' and <= 'Z' => (uint)(character - 'A' + 10),
                _ => Base,
            };
            if (value == Base)
                return false;
            packed = (packed * Base) + value;
        }

        return true;
    }

    public static string Unpack(ulong packed) => string.Create(Isin.Length, packed, static (text, packed) =>
    {
        // Halves of six characters fit into 32 bits, whose division is several times as fast.
        (ulong left, ulong right) = Math.DivRem(packed, HalfBase);
        Unpack((uint)left, text[..HalfLength]);
        Unpack((uint)right, text[HalfLength..]);
    });

    private static void Unpack(uint rest, Span<char> text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            uint value = rest % Base;
            rest /= Base;
            text[i] = (char)(value < 10 ? '0' + value : 'A' + value - 10);
        }
    }
}
