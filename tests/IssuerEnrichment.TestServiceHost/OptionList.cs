using System.CommandLine;
using System.CommandLine.Parsing;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The options of the command line, as they are added; none of them is required.</summary>
internal sealed class OptionList
{
    private readonly List<Option> _all = [];

    public IEnumerable<Option> All => _all;

    public Option<TimeSpan?> AddDuration(string name, string description) => Add(name, "time", description, Parsing.Duration);

    public Option<int?> AddCount(string name, string description) => Add(name, "count", description, Parsing.Count);

    public Option<string> AddText(string name, string value, string description) =>
        Add(new Option<string>(name) { HelpName = value, Description = description });

    public Option<bool> AddFlag(string name, string description) => Add(new Option<bool>(name) { Description = description });

    public Option<T> Add<T>(string name, string value, string description, Func<ArgumentResult, T?> parse) =>
        Add(new Option<T>(name) { HelpName = value, Description = description, CustomParser = parse });

    /// <summary>Adds an option whose value is one of a few names.</summary>
    public Option<T> AddChoice<T>(string name, string description, IReadOnlyDictionary<string, T> choices) =>
        Add(name, "name", $"{description}: {string.Join(", ", choices.Keys)}.", argument => Parsing.Choice(argument, choices));

    public T Add<T>(T option)
        where T : Option
    {
        _all.Add(option);
        return option;
    }
}
