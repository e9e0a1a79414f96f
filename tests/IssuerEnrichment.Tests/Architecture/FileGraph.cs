using System.Text.RegularExpressions;

namespace IssuerEnrichment.Tests.Architecture;

/// <summary>
/// Which source file uses which: a file stands for the types that it declares, and uses another where one of those names appears in its code. That finds a
/// little more than the compiler would, for a property may have the name of a type.
/// </summary>
internal sealed partial class FileGraph
{
    private readonly Dictionary<string, HashSet<string>> _uses;

    private FileGraph(Dictionary<string, HashSet<string>> uses) => _uses = uses;

    public IEnumerable<string> Files => _uses.Keys;

    public static FileGraph Of(string folder)
    {
        Dictionary<string, string> code = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(file => file, file => NoCode().Replace(File.ReadAllText(Path.Combine(folder, file)), " "));
        Dictionary<string, string> declaredIn = [];
        foreach ((string file, string text) in code)
        {
            foreach (Match declaration in Declaration().Matches(text))
                declaredIn.TryAdd(declaration.Groups["name"].Value, file);
        }

        return new FileGraph(code.ToDictionary(
            file => file.Key,
            file => Name().Matches(file.Value).Select(name => declaredIn.GetValueOrDefault(name.Value)).OfType<string>().Where(used => used != file.Key).ToHashSet()));
    }

    public IReadOnlySet<string> UsesOf(string file) => _uses[file];

    /// <summary>The cycles, largest first: files each of which uses all others, be it by way of more (R. Tarjan, 1972).</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        Dictionary<string, int> order = [];
        Dictionary<string, int> lowest = [];
        Stack<string> path = new();
        List<IReadOnlyList<string>> cycles = [];
        foreach (string file in _uses.Keys)
        {
            if (!order.ContainsKey(file))
                Visit(file);
        }

        return [.. cycles.OrderByDescending(cycle => cycle.Count)];

        void Visit(string file)
        {
            order[file] = lowest[file] = order.Count;
            path.Push(file);
            foreach (string used in _uses[file])
            {
                if (!order.ContainsKey(used))
                    Visit(used);
                if (path.Contains(used))
                    lowest[file] = Math.Min(lowest[file], lowest[used]);
            }

            if (lowest[file] != order[file])
                return;
            List<string> cycle = [];
            do
                cycle.Add(path.Pop());
            while (cycle[^1] != file);
            if (cycle.Count > 1)
                cycles.Add(cycle);
        }
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"(\\.|[^"\\])*" """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record(\s+struct|\s+class)?)\s+(?<name>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Name();
}
