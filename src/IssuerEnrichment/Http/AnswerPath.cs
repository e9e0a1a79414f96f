using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IssuerEnrichment.Http;

/// <summary>The path to the answer in a JSON response, such as <c>data.isins</c>. Immutable and thread-safe.</summary>
/// <remarks>
/// Property names are separated by dots. A leading <c>$</c> stands for the whole response and is optional; on its own it means that the response
/// itself is the array. A name may end in <c>[]</c> or <c>[*]</c>, which documents an array and has no effect: an array on the path is always
/// traversed item by item, so <c>data.attributes.isin</c> reads one ISIN from each object in <c>data</c>. The path ends at an array of strings or a
/// string.
/// </remarks>
internal sealed class AnswerPath
{
    private readonly string[] _names;
    private readonly byte[][] _segments;

    private AnswerPath(string[] names)
    {
        _names = names;
        _segments = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    }

    /// <summary>The property names, from the outermost to the innermost, as UTF-8.</summary>
    internal ReadOnlySpan<byte[]> Segments => _segments;

    /// <summary>Parses a path.</summary>
    /// <exception cref="FormatException">The text is not a path; the message is a sentence for the user.</exception>
    public static AnswerPath Parse(string text) =>
        TryParse(text, out AnswerPath? path, out string? error) ? path : throw new FormatException(error);

    /// <summary>Tries to parse a path. The error is a sentence for the user.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out AnswerPath? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "The path is empty.";
            return false;
        }

        string[] names = Array.ConvertAll(text.Split('.'), WithoutListMark);
        if (names[0] == "$")
            names = names[1..];

        foreach (string name in names)
        {
            if (string.IsNullOrWhiteSpace(name))
                error = $"The path '{text}' has an empty segment.";
            else if (name.AsSpan().ContainsAny('[', ']'))
                error = $"The path '{text}' may hold brackets only as [] or [*] at the end of a segment.";
        }

        path = error is null ? new AnswerPath(names) : null;
        return path is not null;
    }

    /// <summary>Formats the first <paramref name="count"/> segments for messages.</summary>
    internal string Describe(int count) => count == 0 ? "the answer" : $"'{string.Join('.', _names, 0, count)}'";

    /// <inheritdoc/>
    public override string ToString() => _names.Length == 0 ? "$" : string.Join('.', _names);

    private static string WithoutListMark(string segment) =>
        segment.EndsWith("[]", StringComparison.Ordinal) ? segment[..^2]
        : segment.EndsWith("[*]", StringComparison.Ordinal) ? segment[..^3]
        : segment;
}
