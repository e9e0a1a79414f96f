using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment;

/// <summary>An International Securities Identification Number (ISO 6166), such as <c>US0378331005</c>.</summary>
/// <remarks>
/// An ISIN has two letters, nine letters or digits, and one check digit. Only ASCII upper case is accepted, and nothing is trimmed. The prefix
/// need not be an ISO 3166 country: <c>XS</c>, <c>EU</c> and others are in use. A well-formed ISIN is not necessarily issued, and the check digit
/// does not detect two adjacent letters that are swapped. The default instance is not an ISIN: its <see cref="Value"/> is empty, and it equals only
/// another default instance. Instances are immutable and thread-safe.
/// </remarks>
public readonly record struct Isin : ISpanParsable<Isin>
{
    /// <summary>The number of characters of an ISIN.</summary>
    public const int Length = 12;

    private static readonly IdentifierForm Form = new("ISIN", Length, LeadingLetters: 2, CheckDigits: 1);

    // A flag in a weight: the character stands for one digit, so doubling alternates between it and the next character to its left.
    private const int Alternates = 128;

    private static readonly byte[] Weights = [.. Weigh(doubled: false), .. Weigh(doubled: true)];

    private readonly string? _value;

    private Isin(string value) => _value = value;

    /// <summary>The twelve characters; empty for the default instance.</summary>
    public string Value => _value ?? "";

    /// <summary>Returns whether a text is a well-formed ISIN with the correct check digit. Does not allocate or throw.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => Form.IsMatch(text) && text[^1] == CheckDigitOf(text[..^1]);

    /// <summary>Computes the check digit, <c>'0'</c> to <c>'9'</c>, that completes an ISIN (ISO 6166).</summary>
    /// <param name="body">The first eleven characters.</param>
    /// <exception cref="FormatException"><paramref name="body"/> is not the start of an ISIN; the message says why.</exception>
    public static char ComputeCheckDigit(ReadOnlySpan<char> body)
    {
        Form.Demand(body, Length - 1);
        return CheckDigitOf(body);
    }

    /// <summary>Parses an ISIN.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">The text is not an ISIN; the message names the wrong length, character or check digit.</exception>
    public static Isin Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Demand(text);
        return new Isin(text);
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static Isin Parse(ReadOnlySpan<char> text)
    {
        Demand(text);
        return new Isin(text.ToString());
    }

    /// <summary>Tries to parse an ISIN. Never throws.</summary>
    /// <returns>Whether the text is an ISIN. If not, <paramref name="isin"/> is the default instance.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Isin isin)
    {
        bool valid = IsValid(text);
        isin = valid ? new Isin(text!) : default;
        return valid;
    }

    /// <inheritdoc cref="TryParse(string?, out Isin)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Isin isin)
    {
        bool valid = IsValid(text);
        isin = valid ? new Isin(text.ToString()) : default;
        return valid;
    }

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    // Implemented explicitly because parsing does not depend on the culture, so callers need not supply one.
    static Isin IParsable<Isin>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static Isin ISpanParsable<Isin>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Isin>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Isin result) =>
        TryParse(s, out result);

    static bool ISpanParsable<Isin>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Isin result) => TryParse(s, out result);

    private static void Demand(ReadOnlySpan<char> text)
    {
        Form.Demand(text, Length);
        char expected = CheckDigitOf(text[..^1]);
        if (text[^1] != expected)
            throw new FormatException($"The ISIN {text} should end in {expected}, its check digit.");
    }

    /// <summary>The Luhn check digit: each letter stands for two digits, and every second digit from the right is doubled.</summary>
    private static char CheckDigitOf(ReadOnlySpan<char> body)
    {
        int sum = 0;
        int doubled = Alternates;
        for (int i = body.Length - 1; i >= 0; i--)
        {
            int weight = Weights[doubled + body[i]];
            sum += weight & ~Alternates;
            doubled ^= weight & Alternates;
        }

        return (char)('0' + (10 - sum % 10) % 10);
    }

    // What each ASCII character adds to the sum. Documents hold millions of ISINs, so the table avoids data-dependent branches and divisions.
    private static byte[] Weigh(bool doubled)
    {
        byte[] weights = new byte[Alternates];
        for (char digit = '0'; digit <= '9'; digit++)
            weights[digit] = (byte)(Weighted(digit - '0', doubled) | Alternates);
        for (char letter = 'A'; letter <= 'Z'; letter++)
        {
            (int left, int right) = Math.DivRem(IdentifierForm.ValueOf(letter), 10);
            weights[letter] = (byte)(Weighted(right, doubled) + Weighted(left, !doubled));
        }

        return weights;
    }

    private static int Weighted(int digit, bool doubled) => !doubled ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
}
