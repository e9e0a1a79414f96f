using System.Runtime.InteropServices;

namespace IssuerEnrichment.Enrichment;

/// <summary>Knows the outcomes of a run by their ids, those still open and the last that settled, so that an id is asked once.</summary>
/// <remarks>Only the one who admits inputs may use it: outcomes settle, and take followers, without it.</remarks>
internal sealed class LookupLedger
{
    private readonly int _capacity;
    private readonly Dictionary<string, EnrichmentOutcome> _outcomes;
    private readonly Queue<EnrichmentOutcome> _oldestFirst;

    /// <param name="capacity">How many settled outcomes are held; the oldest is forgotten first, and its id would be asked again.</param>
    /// <param name="expected">How many inputs there are, where that is known, to save what holds them from growing step by step.</param>
    public LookupLedger(int capacity, long expected)
    {
        _capacity = capacity;
        int atFirst = (int)Math.Min(capacity, expected);
        _outcomes = new Dictionary<string, EnrichmentOutcome>(atFirst, StringComparer.Ordinal);
        _oldestFirst = new Queue<EnrichmentOutcome>(atFirst);
    }

    /// <summary>Those that are open.</summary>
    public IEnumerable<EnrichmentOutcome> Unsettled => _outcomes.Values.Where(outcome => !outcome.IsSettled);

    /// <summary>Admits an input. True if it is the one to look its id up; otherwise it gets the verdict held, or waits for the lookup under way.</summary>
    public bool TryLead(IssuerLookup lookup, out EnrichmentOutcome? verdict)
    {
        // One more than can have come, so that those found open, which stay, do not let it grow.
        ForgetOldest();
        ForgetOldest();

        verdict = null;
        ref EnrichmentOutcome? leader = ref CollectionsMarshal.GetValueRefOrAddDefault(_outcomes, lookup.IssuerId, out bool exists);
        if (exists)
        {
            if (!leader!.TryAddFollower(lookup))
                verdict = leader;
            return false;
        }

        leader = lookup.Outcome;
        _oldestFirst.Enqueue(leader);
        return true;
    }

    /// <summary>Lets go of all outcomes. What holds many is a large object, which only a full collection frees: until then it would keep them alive.</summary>
    public void Clear()
    {
        _outcomes.Clear();
        _oldestFirst.Clear();
    }

    private void ForgetOldest()
    {
        if (_oldestFirst.Count <= _capacity)
            return;
        EnrichmentOutcome oldest = _oldestFirst.Dequeue();
        if (oldest.IsSettled)
            _outcomes.Remove(oldest.IssuerId!);
        else
            _oldestFirst.Enqueue(oldest);
    }
}
