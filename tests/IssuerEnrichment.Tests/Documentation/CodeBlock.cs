namespace IssuerEnrichment.Tests.Documentation;

/// <summary>A fenced block of a page, with the marker on the line before it, such as <c>&lt;!-- snippet: name --&gt;</c>.</summary>
internal sealed record CodeBlock(string Page, int Line, string Language, string Marker, string Text)
{
    private const string Fence = "```";

    public static IEnumerable<CodeBlock> ReadAll() => RepositoryFiles.Pages.SelectMany(ReadAll);

    public static string Named(string marker) => ReadAll().Single(block => block.Marker == $"<!-- {marker} -->").Text;

    /// <summary>Counts the words of a page, those of tables included, without its blocks of code.</summary>
    public static int WordsAround(string page)
    {
        bool isCode = false;
        int words = 0;
        foreach (string line in RepositoryFiles.ReadLines(page))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode)
                words += line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        }

        return words;
    }

    public override string ToString() => $"{Page}:{Line}";

    private static IEnumerable<CodeBlock> ReadAll(string page)
    {
        string[] lines = RepositoryFiles.ReadLines(page);
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
                continue;
            int end = Array.IndexOf(lines, Fence, i + 1);
            yield return new CodeBlock(page, i + 1, lines[i][Fence.Length..], i > 0 ? lines[i - 1] : "", string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }
}
