using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Converts values to columns: as words, so that people can read the table.</summary>
internal static partial class OutcomeColumns
{
    // An index entry is limited to a third of a page, and a character takes up to three bytes.
    private const int LongestKey = 256;

    /// <summary>Converts a text to a key that is unique to the text. The key of a long text is its start and a hash.</summary>
    public static string KeyOf(string text)
    {
        string key = TextOf(text);
        if (key.Length <= LongestKey)
            return key;
        ReadOnlySpan<char> start = key.AsSpan(0, LongestKey / 2);
        start = char.IsHighSurrogate(start[^1]) ? start[..^1] : start;
        return $"{start}\\#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
    }

    /// <summary>
    /// Escapes characters that PostgreSQL does not accept, zeros and lone surrogates, as <c>\u0000</c>, and the backslash itself.
    /// </summary>
    public static string TextOf(string text) => NotText().Replace(text, match => $"\\u{(int)match.ValueSpan[0]:x4}");

    /// <summary>The inverse of <see cref="TextOf"/>.</summary>
    public static string OfText(string text) => Escape().Replace(
        text, match => $"{(char)int.Parse(match.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)}");

    public static string NameOf(EnrichmentStatus status) => status switch
    {
        EnrichmentStatus.Enriched => "enriched",
        EnrichmentStatus.NotFound => "not-found",
        _ => "failed",
    };

    public static EnrichmentStatus StatusOf(string name) => name switch
    {
        "enriched" => EnrichmentStatus.Enriched,
        "not-found" => EnrichmentStatus.NotFound,
        "failed" => EnrichmentStatus.Failed,
        _ => throw new ArgumentException($"'{name}' is not a status.", nameof(name)),
    };

    [GeneratedRegex(@"[\\\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]")]
    private static partial Regex NotText();

    [GeneratedRegex(@"\\u[0-9a-f]{4}")]
    private static partial Regex Escape();
}
