using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Registration;

/// <summary>Reads options from a configuration section. Unknown keys and invalid values are reported with their path.</summary>
/// <remarks>Uses a table instead of a binder, to avoid reflection and to name the path in messages.</remarks>
internal sealed class ConfigurationReader<TOptions>(params ConfiguredOption<TOptions>[] table)
{
    private const char Separator = ':';

    /// <summary>The keys of all options.</summary>
    public IEnumerable<string> Paths => table.Select(option => option.Path);

    /// <summary>Reads a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">The options to set.</param>
    /// <param name="source">The name of the source, for the exception.</param>
    /// <exception cref="OptionsValidationException">The section is empty, a key is unknown, or a value cannot be parsed.</exception>
    public void Read(IConfiguration section, TOptions options, string source)
    {
        string root = (section as IConfigurationSection)?.Path ?? "";
        List<string> problems = [];
        KeyValuePair<string, string?>[] values = [.. section.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null || !HasChildren(section, pair.Key))];
        if (values.Length == 0)
            problems.Add(root.Length == 0 ? "The configuration is empty." : $"The configuration section '{root}' is missing or empty.");
        foreach ((string key, string? text) in values)
        {
            string path = root.Length == 0 ? key : $"{root}{Separator}{key}";
            if (Find(key) is not { } option)
            {
                if (text is not null || !IsGroup(key))
                    problems.Add($"{path} is not an option; {Suggest(key)}");
            }
            else if (text is { Length: > 0 } ? !option.TrySet(options, key[(key.LastIndexOf(Separator) + 1)..], text) : text is not null && option.Clear is null)
            {
                problems.Add($"{path} is {(option.IsSecret ? "not readable" : $"'{text}'")}; it must be {option.Allowed}.");
            }
            else if (text is not { Length: > 0 })
            {
                option.Clear?.Invoke(options);
            }
        }

        if (problems.Count > 0)
            throw new OptionsValidationException(source, typeof(TOptions), problems.Select(problem => SourceName.Qualify(source, problem)));
    }

    private static bool HasChildren(IConfiguration section, string key) => key.Length == 0 || section.GetSection(key).GetChildren().Any();

    private ConfiguredOption<TOptions>? Find(string key) => Array.Find(table, option => option.Path.EndsWith('*')
        ? key.StartsWith(option.Path[..^1], StringComparison.OrdinalIgnoreCase) && key.LastIndexOf(Separator) == option.Path.Length - 2
        : key.Equals(option.Path, StringComparison.OrdinalIgnoreCase));

    private bool IsGroup(string key) => Array.Exists(table, option => option.Path.StartsWith(key + Separator, StringComparison.OrdinalIgnoreCase));

    private string Suggest(string key)
    {
        string closest = Paths.MinBy(path => Distance(key, path))!;
        return Distance(key, closest) <= key.Length / 2 ? $"did you mean {closest}?" : $"the options are {string.Join(", ", Paths)}.";
    }

    // The Levenshtein distance: how many characters to insert, remove or replace.
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 0; j < to.Length; j++)
            {
                int cost = char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1;
                (diagonal, row[j + 1]) = (row[j + 1], Math.Min(Math.Min(row[j + 1], row[j]) + 1, diagonal + cost));
            }
        }

        return row[^1];
    }
}
