namespace IssuerEnrichment;

/// <summary>The format that ISINs and LEIs share: leading letters, then letters or digits, then check digits.</summary>
internal sealed record IdentifierForm(string Name, int Length, int LeadingLetters, int CheckDigits)
{
    /// <summary>Returns the number that a character stands for in both standards: 0 to 9 for digits, 10 (A) to 35 (Z) for letters.</summary>
    public static int ValueOf(char character) => char.IsAsciiDigit(character) ? character - '0' : character - 'A' + 10;

    public bool IsMatch(ReadOnlySpan<char> text) => text.Length == Length && IndexOfFault(text) < 0;

    /// <summary>Throws unless the text is the first <paramref name="length"/> characters of an identifier.</summary>
    /// <exception cref="FormatException">The text is malformed; the message names the wrong length or character.</exception>
    public void Demand(ReadOnlySpan<char> text, int length)
    {
        // A message about the length alone would confuse readers if some of the characters are invisible.
        if (text.Length != length && text.IndexOfAnyExceptInRange('!', '~') is >= 0 and int unseen)
            throw new FormatException($"An {Name} has letters A-Z and digits 0-9 only; character {unseen + 1} of the text is {Printable(text[unseen])}.");
        if (text.Length != length)
            throw new FormatException($"{(length == Length ? "An" : "The body of an")} {Name} has {length} characters, not {text.Length}.");
        if (IndexOfFault(text) is >= 0 and int i)
            throw new FormatException($"Character {i + 1} of an {Name} must be {Allowed(i)}, but is {Printable(text[i])}.");
    }

    private int IndexOfFault(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!(char.IsAsciiDigit(text[i]) ? AllowsDigit(i) : char.IsAsciiLetterUpper(text[i]) && AllowsLetter(i)))
                return i;
        }

        return -1;
    }

    private bool AllowsLetter(int index) => index < Length - CheckDigits;

    private bool AllowsDigit(int index) => index >= LeadingLetters;

    private string Allowed(int index) => (AllowsLetter(index), AllowsDigit(index)) switch
    {
        (true, false) => "a letter A-Z",
        (false, true) => "a digit 0-9",
        _ => "a letter A-Z or a digit 0-9",
    };

    // The text may come from anywhere. The message must not write its control characters to a log.
    private static string Printable(char character) =>
        character is > ' ' and <= '~' ? $"'{character}'" : $"U+{(int)character:X4}";
}
