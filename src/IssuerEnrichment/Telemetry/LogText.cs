using System.Globalization;

namespace IssuerEnrichment.Telemetry;

/// <summary>
/// Sanitizes untrusted text for one line of a log or a message: limits its length, and removes characters that could forge another line or change the
/// display order.
/// </summary>
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

    // U+2028 and U+2029 end a line like control characters. Those of the category Format, such as U+202E, are invisible or reverse the text after
    // them.
    private static bool IsShown(char character) => char.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
