namespace IssuerEnrichment.Throttling;

/// <summary>The waiters for permits, in order of arrival. Not thread-safe.</summary>
internal sealed class WaiterQueue
{
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>Gets the number of permits that are waited for.</summary>
    public long Permits { get; private set; }

    public Waiter? First => _waiters.First?.Value;

    public void Add(Waiter waiter)
    {
        _waiters.AddLast(waiter.Node);
        Permits += waiter.Permits;
    }

    /// <summary>Removes a waiter at any position; false if it has left already.</summary>
    public bool Remove(Waiter waiter)
    {
        if (waiter.Node.List is null)
            return false;
        _waiters.Remove(waiter.Node);
        Permits -= waiter.Permits;

        // Unregister instead of Dispose, which would wait for a callback that waits for the limiter's lock.
        waiter.Cancellation.Unregister();
        return true;
    }
}
