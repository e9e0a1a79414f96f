namespace IssuerEnrichment.Runs;

/// <summary>A run over a caller's own objects. Assigns each outcome to its object, never concurrently.</summary>
internal sealed class ItemRun<T>
{
    private readonly IReadOnlyList<T> _items;
    private readonly Action<T, EnrichmentOutcome> _apply;
    private readonly EnrichmentOutcome[] _outcomes;

    public ItemRun(
        IIssuerEnricher enricher, IEnumerable<T> items, Func<T, string?> issuerId, Action<T, EnrichmentOutcome> apply, EnrichmentRunOptions? options)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(issuerId);
        ArgumentNullException.ThrowIfNull(apply);
        _items = items as IReadOnlyList<T> ?? [.. items];
        _apply = apply;
        _outcomes = new EnrichmentOutcome[_items.Count];
        Outcomes = enricher.Stream(_items.Select(item => item is null ? null : issuerId(item)), options);
    }

    public IEnrichmentRun Outcomes { get; }

    public void Apply(EnrichmentOutcome outcome)
    {
        int position = (int)outcome.Position;
        _outcomes[position] = outcome;
        if (outcome.Status == EnrichmentStatus.Enriched)
            _apply(_items[position], outcome);
    }

    public EnrichmentResult ToResult() => new(_outcomes, Outcomes.Report);
}
