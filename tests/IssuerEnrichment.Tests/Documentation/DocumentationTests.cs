using System.Globalization;
using System.Text.RegularExpressions;

namespace IssuerEnrichment.Tests.Documentation;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_block_of_code_is_a_region_of_tested_code()
    {
        IReadOnlyDictionary<string, string> regions = SourceRegion.ReadAll();
        HashSet<string> shown = [];

        foreach (CodeBlock block in CodeBlock.ReadAll().Where(block => block.Language == "csharp"))
        {
            string name = Snippet().Match(block.Marker).Groups["name"].Value;
            regions.Should().ContainKey(name, "{0} shows it", block);
            block.Text.Should().Be(regions[name], "{0} shows the region '{1}'", block, name);
            shown.Add(name);
        }

        regions.Keys.Except(shown).Should().BeEmpty("a region is there to be shown");
    }

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        foreach (string page in RepositoryFiles.Pages)
        {
            string folder = Path.GetDirectoryName(Path.Combine(RepositoryFiles.Root, page))!;
            foreach (Match link in Link().Matches(string.Join('\n', RepositoryFiles.ReadLines(page))))
                Path.Exists(Path.Combine(folder, link.Groups["path"].Value)).Should().BeTrue("{0} links to {1}", page, link.Groups["path"].Value);
        }
    }

    [Fact]
    public void The_table_of_options_has_them_all_with_their_defaults()
    {
        OptionsIn("docs/options.md").Should().Equal(OptionsOf(new IssuerEnrichmentOptions(), ""));
        OptionsIn("README.md").Should().NotBeEmpty().And.BeSubsetOf(OptionsIn("docs/options.md"));
    }

    private static IEnumerable<(string Name, string Default)> OptionsIn(string page) => RepositoryFiles.ReadLines(page)
        .Select(line => OptionRow().Match(line))
        .Where(row => row.Success)
        .Select(row => (row.Groups["name"].Value, row.Groups["value"].Value));

    [Fact]
    public void The_front_page_is_short_and_shows_code_at_once()
    {
        RepositoryFiles.ReadLines("README.md").Length.Should().BeLessThanOrEqualTo(150);
        CodeBlock.WordsAround("README.md").Should().BeLessThanOrEqualTo(900);
        CodeBlock.ReadAll().First().Should().Match<CodeBlock>(block => block.Page == "README.md" && block.Language == "csharp" && block.Line <= 15);
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        HashSet<string> listed = [.. RepositoryFiles.ReadLines("docs/README.md").SelectMany(line => Link().Matches(line)).Select(link => link.Groups["path"].Value)];

        RepositoryFiles.Under("docs", "*.md").Select(page => Path.GetRelativePath("docs", page).Replace('\\', '/'))
            .Where(page => page != "README.md")
            .Should().NotBeEmpty().And.BeSubsetOf(listed);
    }

    [Fact]
    public void Troubleshooting_quotes_messages_as_the_code_writes_them()
    {
        string code = string.Concat(RepositoryFiles.Under("src", "*.cs").Concat(RepositoryFiles.Under("samples", "*.cs"))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(RepositoryFiles.ReadLines));
        string[] rows = [.. RepositoryFiles.ReadLines("docs/troubleshooting.md").Where(line => line.StartsWith('|')).Select(line => line.Split('|')[1])];

        string[] parts = [.. rows.SelectMany(row => Quote().Matches(row)).SelectMany(quote => Variable().Split(quote.Groups["text"].Value))
            .Select(part => part.Trim()).Where(part => part.Length > 1)];

        parts.Should().HaveCountGreaterThan(30).And.OnlyContain(part => code.Contains(part, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, string Default)> OptionsOf(object options, string prefix) =>
        options.GetType().GetProperties().SelectMany(option => option.GetValue(options) switch
        {
            { } group when group.GetType().Name.EndsWith("Options", StringComparison.Ordinal) => OptionsOf(group, $"{option.Name}."),
            var value => [(prefix + option.Name, Describe(value))],
        });

    private static string Describe(object? value) => value switch
    {
        null => "none",
        TimeSpan { TotalHours: >= 1 } time => $"{time.TotalHours} h",
        TimeSpan { TotalMinutes: >= 2 } time => $"{time.TotalMinutes} min",
        TimeSpan { TotalSeconds: >= 1 } time => $"{time.TotalSeconds} s",
        TimeSpan time => $"{time.TotalMilliseconds} ms",
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    [GeneratedRegex("^<!-- snippet: (?<name>.+) -->$")]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("\"(?<text>[^\"]+)\"")]
    private static partial Regex Quote();

    // What differs from message to message, and where a message may continue with text from elsewhere.
    [GeneratedRegex(@"…|'[^']*'|\d+|[;?]|(?<=\.) ")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\| `(?<name>[A-Z][A-Za-z.]+)` \| (?<value>[^|]+) \|")]
    private static partial Regex OptionRow();
}
