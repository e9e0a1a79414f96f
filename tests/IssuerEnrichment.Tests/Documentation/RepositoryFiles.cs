namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The repository that the tests were built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Every page that a user may read, relative to the root.</summary>
    public static string[] Pages =>
    [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        .. Under("docs", "*.md"),
        .. Directory.GetDirectories(Path.Combine(Root, "src")).SelectMany(package => Under(package, "README.md")),
    ];

    public static string[] ReadLines(string page) => File.ReadAllLines(Path.Combine(Root, page));

    public static IEnumerable<string> Under(string folder, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file))
        .Order(StringComparer.Ordinal);

    private static string FindRoot(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IssuerEnrichment.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside of their repository.");
    }
}
