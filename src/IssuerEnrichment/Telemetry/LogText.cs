using System.Globalization;

namespace IssuerEnrichment.Telemetry;

/// <summary>Text from outside, made fit for one line of a log or a message: bounded, and without characters that could forge another line, or show another order than there is.</summary>
internal static class LogText
{
    private const int Longest = 200;

    public static string Of(string? text)
    {
        text ??= "";
        string bounded = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
        return string.Create(bounded.Length, bounded, static (line, from) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = IsShown(from[i]) ? from[i] : ' ';
        });
    }

    // Besides control characters U+2028 and U+2029 end a line, and those of the category Format, such as U+202E, turn what follows around or are not seen.
    private static bool IsShown(char character) => char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
