using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment;

/// <summary>An International Securities Identification Number (ISO 6166), such as <c>US0378331005</c>.</summary>
/// <remarks>
/// Two letters, nine letters or digits, one check digit; ASCII upper case only, nothing trimmed. The prefix need not be an ISO 3166
/// country: <c>XS</c>, <c>EU</c> and others are in real use. A well-formed ISIN need not have been issued, and the check digit does not
/// notice two neighbouring letters changing places. A default instance is no ISIN: its <see cref="Value"/> is empty and it equals only
/// another default. Instances are immutable and safe to share between threads.
/// </remarks>
public readonly record struct Isin : ISpanParsable<Isin>
{
    /// <summary>The number of characters of every ISIN.</summary>
    public const int Length = 12;

    private static readonly IdentifierForm Form = new("ISIN", Length, LeadingLetters: 2, CheckDigits: 1);

    // In the bits of a weight: a character that is one digit, so that the next one to its left is doubled if it was not, and the other way around.
    private const int Alternates = 128;

    private static readonly byte[] Weights = [.. Weigh(doubled: false), .. Weigh(doubled: true)];

    private readonly string? _value;

    private Isin(string value) => _value = value;

    /// <summary>The twelve characters; empty in a default instance.</summary>
    public string Value => _value ?? "";

    /// <summary>Tells whether a text is a well-formed ISIN with the right check digit. Allocates nothing, throws nothing.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => Form.IsMatch(text) && text[^1] == CheckDigitOf(text[..^1]);

    /// <summary>Computes the check digit, <c>'0'</c> to <c>'9'</c>, that completes an ISIN (ISO 6166).</summary>
    /// <param name="body">The first eleven characters.</param>
    /// <exception cref="FormatException"><paramref name="body"/> is not the beginning of an ISIN; the message says why.</exception>
    public static char ComputeCheckDigit(ReadOnlySpan<char> body)
    {
        Form.Demand(body, Length - 1);
        return CheckDigitOf(body);
    }

    /// <summary>Reads an ISIN.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException">It is not an ISIN; the message names the length, character or check digit to mend.</exception>
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

    /// <summary>Reads an ISIN if the text is one. Throws nothing, whatever the text.</summary>
    /// <returns>Whether it is; if not, <paramref name="isin"/> is the default instance.</returns>
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

    // Explicit, because an ISIN reads the same in every culture and callers should not be asked for one.
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

    /// <summary>Luhn's check digit: each letter is two digits, and every second digit is doubled, from the right.</summary>
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

    // What each ASCII character adds to the sum. No branch depends on the text, and no division is left, since documents hold millions of ISINs.
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
