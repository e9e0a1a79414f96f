namespace IssuerEnrichment.Runs;

/// <summary>
/// The lookups of a run that wait without a slot, either for a fixed delay before their next attempt or for the service to recover. When the wait is
/// over, they are given to the strategy again.
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

    /// <summary>The number of parked lookups, without those given to the strategy again.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of parked lookups that wait for the service. The others become ready by themselves.</summary>
    public int ForService
    {
        get
        {
            lock (_lock)
                return _forService.Count;
        }
    }

    /// <summary>Parks a lookup; false if the strategy takes no more lookups.</summary>
    /// <param name="place">The slot that it gives up.</param>
    /// <param name="isForService">Whether it waits for the service. Otherwise <see cref="MakeReady"/> ends its wait.</param>
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

    /// <summary>Marks a lookup as ready: its wait is over.</summary>
    public void MakeReady(LookupPlace place)
    {
        lock (_lock)
        {
            _ready.Enqueue(place);
            Change();
        }
    }

    /// <summary>Removes a lookup that no longer waits.</summary>
    public void Remove(LookupPlace place)
    {
        lock (_lock)
        {
            _offered.Remove(place);
            if (_parked.Remove(place))
                Change();
        }
    }

    /// <summary>Takes the lookup that has been ready for longest; null if there is none.</summary>
    public IssuerLookup? TryTake() => TryTake(_ready);

    /// <summary>Takes the lookup that has waited for the service for longest; null if there is none.</summary>
    public IssuerLookup? TryTakeForService() => TryTake(_forService);

    /// <summary>Marks all lookups that wait for the service as ready: it has recovered, or is given up.</summary>
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

    /// <summary>Completes the task that <see cref="ChangeAsync"/> returned.</summary>
    public void Notify()
    {
        lock (_lock)
            Change();
    }

    /// <summary>Returns a task that completes with the next change, for example when a lookup becomes ready.</summary>
    public Task ChangeAsync()
    {
        lock (_lock)
            return (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Stops parking, so that lookups keep their slots from now on; false while a lookup is parked.</summary>
    public bool TryStop()
    {
        lock (_lock)
            return _isClosed |= _parked.Count == 0;
    }

    /// <summary>Fails all parked lookups: the strategy has ended and will not take them.</summary>
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
