namespace IssuerEnrichment.Strategies;

/// <summary>The registered strategies by name. A later registration replaces an earlier one, so users can replace a built-in strategy.</summary>
internal sealed class StrategySet
{
    private readonly Dictionary<string, IEnrichmentStrategy> _byName = new(StringComparer.OrdinalIgnoreCase);

    public StrategySet(IEnumerable<IEnrichmentStrategy> strategies)
    {
        foreach (IEnrichmentStrategy strategy in strategies)
            _byName[strategy.Name] = strategy;
    }

    /// <summary>Returns an error message if no strategy with the name is registered; otherwise null.</summary>
    public string? Validate(string name) => _byName.ContainsKey(name)
        ? null
        : $"Strategy is '{name}'; registered are {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal).Select(known => $"'{known}'"))}.";

    public IEnrichmentStrategy Get(string name) => Validate(name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : _byName[name];
}
