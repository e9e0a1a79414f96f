using System.Runtime.InteropServices;

namespace IssuerEnrichment.Enrichment;

/// <summary>Knows the lookups of a run by their ids, those under way and the last that ended, so that an id is asked once.</summary>
/// <remarks>Only the one who admits inputs may use it: lookups end, and take followers, without it.</remarks>
internal sealed class LookupLedger
{
    private readonly int _capacity;
    private readonly Dictionary<string, IssuerLookup> _lookups;
    private readonly Queue<IssuerLookup> _oldestFirst = new();

    /// <param name="capacity">How many lookups that ended are held; the oldest is forgotten first, and its id would be asked again.</param>
    /// <param name="expected">How many inputs there are, where that is known, to save the dictionary from growing step by step.</param>
    public LookupLedger(int capacity, long expected)
    {
        _capacity = capacity;
        _lookups = new Dictionary<string, IssuerLookup>((int)Math.Min(capacity, expected), StringComparer.Ordinal);
    }

    /// <summary>Those that have no verdict.</summary>
    public IEnumerable<IssuerLookup> Unsettled => _lookups.Values.Where(lookup => !lookup.IsSettled);

    /// <summary>Admits an input. True if it is the one to look its id up; otherwise it gets the verdict held, or waits for the lookup under way.</summary>
    public bool TryLead(IssuerLookup lookup, out EnrichmentOutcome? verdict)
    {
        // One more than can have come, so that those found under way, which stay, do not let it grow.
        ForgetOldest();
        ForgetOldest();

        verdict = null;
        ref IssuerLookup? leader = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookups, lookup.IssuerId, out bool exists);
        if (exists)
        {
            if (!lookup.TryFollow(leader!))
                verdict = leader!.Outcome;
            return false;
        }

        leader = lookup;
        _oldestFirst.Enqueue(lookup);
        return true;
    }

    private void ForgetOldest()
    {
        if (_oldestFirst.Count <= _capacity)
            return;
        IssuerLookup oldest = _oldestFirst.Dequeue();
        if (oldest.IsSettled)
            _lookups.Remove(oldest.IssuerId);
        else
            _oldestFirst.Enqueue(oldest);
    }
}
