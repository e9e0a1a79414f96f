using System.Text.RegularExpressions;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The pages, the comments and the messages avoid the wording listed in dialect.txt.</summary>
public sealed partial class ProseTests
{
    private const string List = "tests/IssuerEnrichment.Tests/Documentation/dialect.txt";
    private const int Context = 40;

    private static readonly Dictionary<string, string> Dialect = Read();

    private static readonly Regex Phrases = new(
        $@"(?<!\w)({string.Join('|', Dialect.Keys.OrderByDescending(phrase => phrase.Length).Select(Regex.Escape))})(?!\w)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [Fact]
    public void No_text_uses_a_listed_phrase() => Files().SelectMany(Find).Should().BeEmpty();

    [Fact]
    public void A_listed_phrase_is_found_in_any_case_and_across_lines() =>
        Find("x.cs", "/// <summary>It Goes\n    /// by the <c>policies</c>.</summary>").Should().ContainSingle().Which
            .Should().StartWith("x.cs: 'Goes by the policies' (better: bypasses the policies)");

    [Fact]
    public void No_better_wording_is_a_listed_phrase_itself() => Dialect.Values.Where(better => Phrases.IsMatch(better)).Should().BeEmpty();

    private static IEnumerable<string> Files() => RepositoryFiles.Pages
        .Concat(RepositoryFiles.Under("src", "*.cs"))
        .Concat(RepositoryFiles.Under("samples", "*.cs"))
        .Where(file => !BuildFolder().IsMatch(file));

    private static IEnumerable<string> Find(string file) => Find(file, string.Join('\n', RepositoryFiles.ReadLines(file)));

    private static IEnumerable<string> Find(string file, string text)
    {
        string prose = Gap().Replace(Markup().Replace(text, ""), " ");
        return Phrases.Matches(prose).Select(match =>
            $"{file}: '{match.Value}' (better: {Dialect[match.Value]}) in '{prose[Math.Max(0, match.Index - Context)..Math.Min(prose.Length, match.Index + Context)]}'");
    }

    private static Dictionary<string, string> Read() => RepositoryFiles.ReadLines(List)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(" => "))
        .ToDictionary(row => row[0], row => row[1], StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("<[^>\n]*>")]
    private static partial Regex Markup();

    [GeneratedRegex(@"(\s|//+)+")]
    private static partial Regex Gap();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex BuildFolder();
}
