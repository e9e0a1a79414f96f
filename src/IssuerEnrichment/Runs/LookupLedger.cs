using System.Runtime.InteropServices;

namespace IssuerEnrichment.Runs;

/// <summary>The lookups of a run by id: all in flight, and the most recently completed. It prevents a second lookup of the same id.</summary>
/// <remarks>Not thread-safe: only the code that admits inputs uses it. Lookups complete and take followers without it.</remarks>
internal sealed class LookupLedger
{
    private readonly int _capacity;
    private readonly Dictionary<string, IssuerLookup> _lookups;
    private readonly Queue<IssuerLookup> _oldestFirst;

    /// <param name="capacity">How many completed lookups are kept. The oldest is removed first; its id would be looked up again.</param>
    /// <param name="expected">The number of inputs if it is known, to allocate the collections at their final size.</param>
    public LookupLedger(int capacity, long expected)
    {
        _capacity = capacity;
        int atFirst = (int)Math.Min(capacity, expected);
        _lookups = new Dictionary<string, IssuerLookup>(atFirst, StringComparer.Ordinal);
        _oldestFirst = new Queue<IssuerLookup>(atFirst);
    }

    /// <summary>The lookups that have not completed.</summary>
    public IEnumerable<IssuerLookup> Open => _lookups.Values.Where(lookup => !lookup.IsCompleted);

    /// <summary>
    /// Adds a lookup. Returns true if it is the one to run for its id. Otherwise it shares the outcome of the earlier lookup: the one returned, or
    /// the one still to come.
    /// </summary>
    public bool TryLead(IssuerLookup lookup, out EnrichmentOutcome? verdict)
    {
        // Tries two for each lookup added, so that the ledger does not grow when the oldest is still in flight and therefore stays.
        ForgetOldest();
        ForgetOldest();

        verdict = null;
        ref IssuerLookup? leader = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookups, lookup.IssuerId, out bool exists);
        if (exists)
        {
            if (!leader!.TryAddFollower(lookup))
                verdict = leader.Outcome;
            return false;
        }

        leader = lookup;
        _oldestFirst.Enqueue(leader);
        return true;
    }

    /// <summary>
    /// Removes all lookups. The large collections are collected only by a full garbage collection; until then they would keep the lookups alive.
    /// </summary>
    public void Clear()
    {
        _lookups.Clear();
        _oldestFirst.Clear();
    }

    private void ForgetOldest()
    {
        if (_oldestFirst.Count <= _capacity)
            return;
        IssuerLookup oldest = _oldestFirst.Dequeue();
        if (oldest.IsCompleted)
            _lookups.Remove(oldest.IssuerId);
        else
            _oldestFirst.Enqueue(oldest);
    }
}
