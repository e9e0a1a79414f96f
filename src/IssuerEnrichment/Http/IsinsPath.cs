using System.Diagnostics.CodeAnalysis;
using System.Text;
using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>Where the ISINs sit in a JSON answer, such as <c>data.isins</c>. Immutable, safe from any thread.</summary>
/// <remarks>
/// Property names separated by dots. A leading <c>$</c> stands for the whole answer and may be left out; alone it says that the
/// answer itself is the list. A name may end in <c>[]</c> or <c>[*]</c>, which documents a list and means nothing more: a list met
/// on the way is always walked element by element, so <c>data.attributes.isin</c> reads one ISIN from each object of <c>data</c>.
/// At the end of the path stands a list of strings or a single string.
/// </remarks>
internal sealed class IsinsPath
{
    private readonly string[] _names;
    private readonly byte[][] _segments;

    private IsinsPath(string[] names)
    {
        _names = names;
        _segments = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    }

    /// <summary>The property names from the outermost in, as UTF-8.</summary>
    internal ReadOnlySpan<byte[]> Segments => _segments;

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is no path; the message is a sentence for the user.</exception>
    public static IsinsPath Parse(string text) =>
        TryParse(text, out IsinsPath? path, out string? error) ? path : throw new FormatException(error);

    /// <summary>Reads a path, or says in one sentence what is wrong with it.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out IsinsPath? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            error = "The path to the ISINs is empty.";
            return false;
        }

        string[] names = Array.ConvertAll(text.Split('.'), WithoutListMark);
        if (names[0] == "$")
            names = names[1..];

        foreach (string name in names)
        {
            if (string.IsNullOrWhiteSpace(name))
                error = $"The path to the ISINs '{text}' has an empty segment.";
            else if (name.AsSpan().ContainsAny('[', ']'))
                error = $"The path to the ISINs '{text}' may hold brackets only as [] or [*] at the end of a segment.";
        }

        path = error is null ? new IsinsPath(names) : null;
        return path is not null;
    }

    /// <summary>Finds the ISINs in an answer, in one pass over it.</summary>
    /// <returns>The ISINs as the service wrote them; empty only if the answer really holds an empty list.</returns>
    /// <exception cref="UnexpectedAnswerException">The text is no complete JSON, or has another shape than the path says.</exception>
    public IReadOnlyList<string> Read(ReadOnlySpan<byte> utf8) => new IsinsReader(this, AnswerText.OfJson(utf8)).Read();

    /// <summary>The first <paramref name="count"/> segments as a person would write them.</summary>
    internal string Describe(int count) => count == 0 ? "the answer" : $"'{string.Join('.', _names, 0, count)}'";

    /// <inheritdoc/>
    public override string ToString() => _names.Length == 0 ? "$" : string.Join('.', _names);

    private static string WithoutListMark(string segment) =>
        segment.EndsWith("[]", StringComparison.Ordinal) ? segment[..^2]
        : segment.EndsWith("[*]", StringComparison.Ordinal) ? segment[..^3]
        : segment;
}
