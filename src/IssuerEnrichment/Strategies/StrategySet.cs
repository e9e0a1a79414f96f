namespace IssuerEnrichment.Strategies;

/// <summary>The registered strategies, by name. Of two with the same name the later one counts, so that a user can replace one of ours.</summary>
internal sealed class StrategySet
{
    private readonly Dictionary<string, IEnrichmentStrategy> _byName = new(StringComparer.OrdinalIgnoreCase);

    public StrategySet(IEnumerable<IEnrichmentStrategy> strategies)
    {
        foreach (IEnrichmentStrategy strategy in strategies)
            _byName[strategy.Name] = strategy;
    }

    /// <summary>Says what is wrong with a strategy's name; null where it is registered.</summary>
    public string? Refuse(string name) => _byName.ContainsKey(name)
        ? null
        : $"Strategy is '{name}'; registered are {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal).Select(known => $"'{known}'"))}.";

    public IEnrichmentStrategy Get(string name) => Refuse(name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : _byName[name];
}
