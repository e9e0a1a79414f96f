using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>
/// The place in a strategy of a lookup that has work of its own to go on with. It gives the place up while it waits, so that another lookup runs, and
/// the strategy gives it one again later.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LookupPlace(IssuerLookup lookup, ParkedLookups parked) : ILookupPlace
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _left = new();
    private TaskCompletionSource? _returned;
    private bool _isOver;

    public IssuerLookup Lookup => lookup;

    /// <summary>Ends when the lookup has settled or has given its place up.</summary>
    public Task Left
    {
        get
        {
            lock (_lock)
                return _left.Task;
        }
    }

    /// <inheritdoc />
    public async ValueTask<bool> TryParkAsync(Func<CancellationToken, ValueTask>? wait, CancellationToken cancellationToken)
    {
        TaskCompletionSource left;
        TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _returned = returned;
            left = _left;
        }

        if (!parked.TryAdd(this, isForService: wait is null))
            return false;
        try
        {
            // Not here, for whoever waits for it goes on with another lookup.
            ThreadPool.UnsafeQueueUserWorkItem(static left => left.TrySetResult(), left, preferLocal: false);
            if (wait is not null)
            {
                await wait(cancellationToken).ConfigureAwait(false);
                parked.MakeReady(this);
            }

            await returned.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            parked.Remove(this);
        }
    }

    /// <inheritdoc />
    public Task ReturnAsync()
    {
        lock (_lock)
        {
            if (_isOver)
                return Task.CompletedTask;
            _left = new TaskCompletionSource();
            _returned?.TrySetResult();
            return _left.Task;
        }
    }

    /// <summary>The strategy that should have given it a place has ended.</summary>
    public void Abandon(Exception reason)
    {
        lock (_lock)
            _returned?.TrySetException(reason);
    }

    /// <summary>The lookup has settled.</summary>
    /// <param name="failure">What could not be settled with it; null where nothing failed.</param>
    public void Leave(Exception? failure = null)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _isOver = true;
            left = _left;
        }

        if (failure is null)
            left.TrySetResult();
        else
            left.TrySetException(failure);
    }
}
