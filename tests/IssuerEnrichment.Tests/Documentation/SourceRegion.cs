namespace IssuerEnrichment.Tests.Documentation;

/// <summary>
/// Reads the regions of the snippets' source, without the indentation that they have in common. Those of one name in a file, such as usings and code, are one.
/// </summary>
internal static class SourceRegion
{
    private const string Begin = "#region ";

    public static IReadOnlyDictionary<string, string> ReadAll() => RepositoryFiles
        .Under("tests/IssuerEnrichment.Tests/Documentation", "*.cs")
        .SelectMany(file => ReadAll(RepositoryFiles.ReadLines(file)).GroupBy(region => region.Key, region => region.Value))
        .ToDictionary(parts => parts.Key, parts => string.Join("\n\n", parts));

    private static IEnumerable<KeyValuePair<string, string>> ReadAll(string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimStart();
            if (!line.StartsWith(Begin, StringComparison.Ordinal))
                continue;
            int indentation = lines[i].Length - line.Length;
            IEnumerable<string> body = lines
                .Skip(i + 1)
                .TakeWhile(inside => inside.Trim() != "#endregion")
                .Select(inside => inside.Length > indentation ? inside[indentation..] : "");
            yield return new(line[Begin.Length..], string.Join('\n', body).Trim('\n'));
        }
    }
}
