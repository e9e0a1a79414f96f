using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>Keeps walks for their next attempt, so that only a failed page is requested again, not those before it. Bounded; thread-safe.</summary>
internal sealed class WalkStore(TimeProvider timeProvider)
{
    // More than the number of lookups that a run has in flight by default.
    private const int Most = 1_024;

    // After this time, pages are out of date, and their lookup has ended. Records may have to wait longer for their turn.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = new();

    /// <summary>Stores a walk for the next attempt for its LEI.</summary>
    public void Keep(string lei, IsinWalk walk)
    {
        lock (_lock)
        {
            Remove(lei, out _);
            if (_entries.Count == Most)
                Remove(_byAge.First!.Value.Lei, out _);
            _entries.Add(lei, _byAge.AddLast(new Entry(lei, walk, timeProvider.GetTimestamp())));
        }
    }

    /// <summary>Removes and returns the walk of a LEI, so that no other attempt uses it.</summary>
    public bool TryTake(string lei, [NotNullWhen(true)] out IsinWalk? walk)
    {
        lock (_lock)
            walk = Remove(lei, out Entry? entry) && (!entry.Walk.HasPages || timeProvider.GetElapsedTime(entry.KeptAt) < MaxAge) ? entry.Walk : null;
        return walk is not null;
    }

    /// <summary>Returns whether there is a walk whose last attempt read a page.</summary>
    public bool GotFurther(string lei)
    {
        lock (_lock)
            return _entries.TryGetValue(lei, out LinkedListNode<Entry>? node) && node.Value.Walk.GotFurther;
    }

    private bool Remove(string lei, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        if (!_entries.Remove(lei, out LinkedListNode<Entry>? node))
            return false;
        _byAge.Remove(node);
        entry = node.Value;
        return true;
    }

    private sealed record Entry(string Lei, IsinWalk Walk, long KeptAt);
}
