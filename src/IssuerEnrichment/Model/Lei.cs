using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IssuerEnrichment;

/// <summary>A Legal Entity Identifier (ISO 17442), such as <c>HWUPKR0MPOU8FGXBT394</c>.</summary>
/// <remarks>
/// An LEI has eighteen letters or digits and two check digits (ISO 7064 MOD 97-10). Only ASCII upper case is accepted, and nothing is trimmed. A
/// well-formed LEI is not necessarily issued. Only the remainder is checked: ISO 17442-1 excludes the check digits <c>00</c>, <c>01</c> and
/// <c>99</c>, but LEIs with the first two were issued and have ISINs. The default instance is not an LEI: its <see cref="Value"/> is empty, and it
/// equals only another default instance. Instances are immutable and thread-safe.
/// </remarks>
public readonly record struct Lei : ISpanParsable<Lei>
{
    /// <summary>The number of characters of an LEI.</summary>
    public const int Length = 20;

    private static readonly IdentifierForm Form = new("LEI", Length, LeadingLetters: 0, CheckDigits: 2);

    private readonly string? _value;

    private Lei(string value) => _value = value;

    /// <summary>The twenty characters; empty for the default instance.</summary>
    public string Value => _value ?? "";

    /// <summary>Returns whether a text is a well-formed LEI with the correct check digits. Does not allocate or throw.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => Form.IsMatch(text) && Remainder(text) == 1;

    /// <summary>Computes the two check digits, <c>"02"</c> to <c>"98"</c>, that complete an LEI (ISO 7064 MOD 97-10).</summary>
    /// <param name="body">The first eighteen characters.</param>
    /// <exception cref="FormatException"><paramref name="body"/> is not the start of an LEI; the message says why.</exception>
    public static string ComputeCheckDigits(ReadOnlySpan<char> body)
    {
        Form.Demand(body, Length - 2);
        return CheckDigitsOf(body);
    }

    /// <summary>Parses an LEI.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is not an LEI; the message names the wrong length, character or check digits.</exception>
    public static Lei Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Demand(text);
        return new Lei(text);
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static Lei Parse(ReadOnlySpan<char> text)
    {
        Demand(text);
        return new Lei(text.ToString());
    }

    /// <summary>Tries to parse an LEI. Never throws.</summary>
    /// <returns>Whether the text is an LEI. If not, <paramref name="lei"/> is the default instance.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Lei lei)
    {
        bool valid = IsValid(text);
        lei = valid ? new Lei(text!) : default;
        return valid;
    }

    /// <inheritdoc cref="TryParse(string?, out Lei)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Lei lei)
    {
        bool valid = IsValid(text);
        lei = valid ? new Lei(text.ToString()) : default;
        return valid;
    }

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    // Implemented explicitly because parsing does not depend on the culture, so callers need not supply one.
    static Lei IParsable<Lei>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static Lei ISpanParsable<Lei>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Lei>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Lei result) =>
        TryParse(s, out result);

    static bool ISpanParsable<Lei>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Lei result) => TryParse(s, out result);

    private static void Demand(ReadOnlySpan<char> text)
    {
        Form.Demand(text, Length);
        if (Remainder(text) != 1)
            throw new FormatException($"The LEI {text} should end in {CheckDigitsOf(text[..^2])}, its check digits.");
    }

    private static string CheckDigitsOf(ReadOnlySpan<char> body) =>
        (98 - Remainder(body) * 100 % 97).ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>The remainder modulo 97 of the number that the text spells, where each letter stands for two digits.</summary>
    private static int Remainder(ReadOnlySpan<char> text)
    {
        int remainder = 0;
        foreach (char character in text)
        {
            int value = IdentifierForm.ValueOf(character);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }

        return remainder;
    }
}
