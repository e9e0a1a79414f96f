namespace IssuerEnrichment.Testing.Strategies;

/// <summary>Wraps a strategy and records what it does.</summary>
internal sealed class WatchedStrategy(IEnrichmentStrategy strategy, GatedIssuerClient client) : IEnrichmentStrategy
{
    private readonly Lock _lock = new();
    private readonly List<(string Id, bool IsEnd)> _events = [];

    public string Name => strategy.Name;

    /// <summary>The number of lookups that were running when the strategy returned.</summary>
    public int LeftRunning { get; private set; }

    /// <summary>Whether the strategy had disposed of the sequence when it returned.</summary>
    public bool HasDisposed { get; private set; }

    /// <summary>Whether the strategy read the sequence concurrently.</summary>
    public bool HasMovedTwice { get; private set; }

    /// <summary>The maximum number of lookups that were taken from the sequence and had not ended, without lookups that never end.</summary>
    public int MostHeld
    {
        get
        {
            lock (_lock)
            {
                HashSet<string> ended = [.. _events.Where(one => one.IsEnd).Select(one => one.Id)];
                int held = 0;
                return _events.Where(one => ended.Contains(one.Id)).Max(one => held += one.IsEnd ? -1 : 1);
            }
        }
    }

    public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
    {
        WatchedSequence watched = new(lookups, lookup => Note(lookup.IssuerId, isEnd: false));
        try
        {
            await strategy.RunAsync(watched, maxConcurrency, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            LeftRunning = client.InFlight;
            HasDisposed = watched.IsDisposed;
            HasMovedTwice = watched.WasMovedTwice;
        }
    }

    /// <summary>Notes that a lookup has ended.</summary>
    public void NoteEnd(string issuerId) => Note(issuerId, isEnd: true);

    private void Note(string issuerId, bool isEnd)
    {
        lock (_lock)
            _events.Add((issuerId, isEnd));
    }
}
