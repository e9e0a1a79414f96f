namespace IssuerEnrichment.Runs;

/// <summary>A run over a caller's own objects. Assigns each outcome to its object, never concurrently.</summary>
internal sealed class ItemRun<TItem, TOutcome>
    where TOutcome : IPositionedOutcome
{
    private readonly IReadOnlyList<TItem> _items;
    private readonly Action<TItem, TOutcome> _apply;

    public ItemRun(IEnumerable<TItem> items, Func<TItem, string?> issuerId, Action<TItem, TOutcome> apply)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(issuerId);
        ArgumentNullException.ThrowIfNull(apply);
        _items = items as IReadOnlyList<TItem> ?? [.. items];
        _apply = apply;
        Outcomes = new TOutcome[_items.Count];
        IssuerIds = _items.Select(item => item is null ? null : issuerId(item));
    }

    /// <summary>The ids of the objects, read lazily.</summary>
    public IEnumerable<string?> IssuerIds { get; }

    /// <summary>The outcomes so far, in the order of the objects.</summary>
    public TOutcome[] Outcomes { get; }

    public void Apply(TOutcome outcome)
    {
        int position = (int)outcome.Position;
        Outcomes[position] = outcome;
        if (outcome.Status == EnrichmentStatus.Enriched)
            _apply(_items[position], outcome);
    }
}
