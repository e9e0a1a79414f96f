using IssuerEnrichment.Lookups;

namespace IssuerEnrichment.Runs;

/// <summary>
/// The slot of a lookup in its strategy, once the lookup runs in the background. The lookup gives up the slot while it waits, so that another lookup
/// can run, and the strategy gives it a slot again later.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LookupPlace(IssuerLookup lookup, ParkedLookups parked) : ILookupPlace
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _left = new();
    private TaskCompletionSource? _returned;
    private bool _isOver;

    public IssuerLookup Lookup => lookup;

    /// <summary>Completes when the lookup has completed or has given up its slot.</summary>
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
            // On another thread, because the continuation runs the strategy's next lookup.
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

    /// <summary>Fails the wait for a slot: the strategy has ended.</summary>
    public void Abandon(Exception reason)
    {
        lock (_lock)
            _returned?.TrySetException(reason);
    }

    /// <summary>Marks the lookup as completed.</summary>
    /// <param name="failure">The exception to pass to the strategy; null if there is none.</param>
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
