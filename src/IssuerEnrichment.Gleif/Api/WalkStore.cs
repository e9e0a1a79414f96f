using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>Walks that wait for their next attempt: a page that fails is asked for again, and not those before it. Bounded; thread-safe.</summary>
internal sealed class WalkStore(TimeProvider timeProvider)
{
    // More than the lookups that a run has in flight by default.
    private const int Most = 1_024;

    // Whoever left pages behind for so long is gone, and they are no longer of today. A record alone may have to wait until its turn comes.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byAge = new();

    /// <summary>Keeps a walk for the next attempt at its LEI.</summary>
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

    /// <summary>Takes the walk of a LEI out, so that nobody else goes on with it.</summary>
    public bool TryTake(string lei, [NotNullWhen(true)] out IsinWalk? walk)
    {
        lock (_lock)
            walk = Remove(lei, out Entry? entry) && (!entry.Walk.HasPages || timeProvider.GetElapsedTime(entry.KeptAt) < MaxAge) ? entry.Walk : null;
        return walk is not null;
    }

    /// <summary>Whether a walk is kept whose last attempt brought a page.</summary>
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
