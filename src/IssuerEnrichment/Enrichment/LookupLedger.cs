using System.Runtime.InteropServices;

namespace IssuerEnrichment.Enrichment;

/// <summary>Knows which ids of a run are being looked up, who waits for them, and the last verdicts, so that an id is asked once.</summary>
internal sealed class LookupLedger
{
    private readonly Lock _lock = new();
    private readonly int _capacity;
    private readonly Queue<string> _held = new();

    // An id's lookup while it is under way, then its outcome.
    private readonly Dictionary<string, object> _entries;

    /// <param name="capacity">How many verdicts are held; the oldest is forgotten first, and its id would be asked again.</param>
    /// <param name="expected">How many inputs there are, where that is known, to save the dictionary from growing step by step.</param>
    public LookupLedger(int capacity, long expected)
    {
        _capacity = capacity;
        _entries = new Dictionary<string, object>((int)Math.Min(capacity, expected), StringComparer.Ordinal);
    }

    /// <summary>Admits an input. True if it is the one to look its id up; otherwise it gets the verdict held, or waits for the lookup under way.</summary>
    public bool TryLead(IssuerLookup lookup, out EnrichmentOutcome? verdict)
    {
        lock (_lock)
        {
            ref object? entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, lookup.IssuerId, out bool exists);
            entry ??= lookup;
            verdict = entry as EnrichmentOutcome;
            if (exists && entry is IssuerLookup leader)
            {
                lookup.NextFollower = leader.NextFollower;
                leader.NextFollower = lookup;
            }

            return !exists;
        }
    }

    /// <summary>Records a verdict and gives back those that waited for it, as a list through their followers.</summary>
    public IssuerLookup? Settle(IssuerLookup leader)
    {
        lock (_lock)
        {
            _entries[leader.IssuerId] = leader.Outcome;
            _held.Enqueue(leader.IssuerId);
            if (_held.Count > _capacity)
                _entries.Remove(_held.Dequeue());
            return leader.NextFollower;
        }
    }

    /// <summary>The lookups that have no verdict.</summary>
    public IssuerLookup[] Unsettled()
    {
        lock (_lock)
            return [.. _entries.Values.OfType<IssuerLookup>()];
    }
}
