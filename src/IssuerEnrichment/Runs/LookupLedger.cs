using System.Runtime.InteropServices;

namespace IssuerEnrichment.Runs;

/// <summary>Knows the lookups of a run by their ids, those under way and the last that completed, so that an id is asked for once.</summary>
/// <remarks>Only the one who admits inputs may use it: lookups complete, and take followers, without it.</remarks>
internal sealed class LookupLedger
{
    private readonly int _capacity;
    private readonly Dictionary<string, IssuerLookup> _lookups;
    private readonly Queue<IssuerLookup> _oldestFirst;

    /// <param name="capacity">How many completed lookups are held; the oldest is forgotten first, and its id would be asked for again.</param>
    /// <param name="expected">How many inputs there are, where that is known, to save what holds them from growing step by step.</param>
    public LookupLedger(int capacity, long expected)
    {
        _capacity = capacity;
        int atFirst = (int)Math.Min(capacity, expected);
        _lookups = new Dictionary<string, IssuerLookup>(atFirst, StringComparer.Ordinal);
        _oldestFirst = new Queue<IssuerLookup>(atFirst);
    }

    /// <summary>Those that have not completed.</summary>
    public IEnumerable<IssuerLookup> Open => _lookups.Values.Where(lookup => !lookup.IsCompleted);

    /// <summary>Admits a lookup. True if it is the one to ask for its id; otherwise it gets the verdict held, or waits for the lookup under way.</summary>
    public bool TryLead(IssuerLookup lookup, out EnrichmentOutcome? verdict)
    {
        // One more than can have come, so that those found open, which stay, do not let it grow.
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

    /// <summary>Lets go of all lookups. What holds many is a large object, which only a full collection frees: until then it would keep them alive.</summary>
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
