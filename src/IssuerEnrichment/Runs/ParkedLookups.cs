namespace IssuerEnrichment.Runs;

/// <summary>
/// The lookups of a run that wait without a place: for the time of their next attempt, or for the service to answer again. Those whose wait is over are
/// handed to the strategy once more.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ParkedLookups
{
    private readonly Lock _lock = new();
    private readonly HashSet<LookupPlace> _parked = [];
    private readonly HashSet<LookupPlace> _offered = [];
    private readonly Queue<LookupPlace> _forService = new();
    private readonly Queue<LookupPlace> _ready = new();
    private TaskCompletionSource? _change;
    private int _count;
    private bool _isClosed;

    /// <summary>How many there are; those that are handed out no longer count.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many of them wait for the service. Those that wait for a time come back by themselves.</summary>
    public int ForService
    {
        get
        {
            lock (_lock)
                return _forService.Count;
        }
    }

    /// <summary>Adds a lookup; false where the strategy takes no more lookups.</summary>
    /// <param name="place">The place that it gives up.</param>
    /// <param name="isForService">Whether it waits for the service; otherwise <see cref="MakeReady"/> ends its wait.</param>
    public bool TryAdd(LookupPlace place, bool isForService)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            place.Lookup.MarkParked();
            _parked.Add(place);
            if (isForService)
                _forService.Enqueue(place);
            Change();
            return true;
        }
    }

    /// <summary>Its wait is over.</summary>
    public void MakeReady(LookupPlace place)
    {
        lock (_lock)
        {
            _ready.Enqueue(place);
            Change();
        }
    }

    /// <summary>It waits no longer.</summary>
    public void Remove(LookupPlace place)
    {
        lock (_lock)
        {
            _offered.Remove(place);
            if (_parked.Remove(place))
                Change();
        }
    }

    /// <summary>Takes the lookup whose wait was over first; null where there is none.</summary>
    public IssuerLookup? TryTake() => TryTake(_ready);

    /// <summary>Takes the lookup that has waited for the service the longest; null where there is none.</summary>
    public IssuerLookup? TryTakeForService() => TryTake(_forService);

    /// <summary>The service answers, or is given up: nobody waits for it any more.</summary>
    public void EndWaitForService()
    {
        if (Count == 0 && Volatile.Read(ref _change) is null)
            return;
        lock (_lock)
        {
            while (_forService.TryDequeue(out LookupPlace? place))
                _ready.Enqueue(place);
            Change();
        }
    }

    /// <summary>Wakes whoever awaits a change.</summary>
    public void Notify()
    {
        lock (_lock)
            Change();
    }

    /// <summary>Ends with the next change, such as a lookup whose wait is over.</summary>
    public Task ChangeAsync()
    {
        lock (_lock)
            return (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>From now on lookups keep their places; false while one is parked.</summary>
    public bool TryStop()
    {
        lock (_lock)
            return _isClosed |= _parked.Count == 0;
    }

    /// <summary>The strategy has ended. Those that it should have taken end with an error.</summary>
    public void Abandon(Exception reason)
    {
        LookupPlace[] left;
        lock (_lock)
        {
            _isClosed = true;
            left = [.. _parked, .. _offered];
        }

        foreach (LookupPlace place in left)
            place.Abandon(reason);
    }

    private IssuerLookup? TryTake(Queue<LookupPlace> from)
    {
        lock (_lock)
        {
            while (from.TryDequeue(out LookupPlace? place))
            {
                if (!_parked.Remove(place))
                    continue; // Its wait was cancelled.
                Change();
                _offered.Add(place);
                return place.Lookup;
            }

            return null;
        }
    }

    private void Change()
    {
        Volatile.Write(ref _count, _parked.Count);
        _change?.TrySetResult();
        _change = null;
    }
}
