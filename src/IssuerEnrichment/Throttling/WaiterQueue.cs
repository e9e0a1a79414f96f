namespace IssuerEnrichment.Throttling;

/// <summary>Those who wait for permits, first come, first served. Not thread-safe.</summary>
internal sealed class WaiterQueue
{
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>Gets how many permits are waited for.</summary>
    public long Permits { get; private set; }

    public Waiter? First => _waiters.First?.Value;

    public void Add(Waiter waiter)
    {
        _waiters.AddLast(waiter.Node);
        Permits += waiter.Permits;
    }

    /// <summary>Removes a waiter, wherever it stands; false if it has left already.</summary>
    public bool Remove(Waiter waiter)
    {
        if (waiter.Node.List is null)
            return false;
        _waiters.Remove(waiter.Node);
        Permits -= waiter.Permits;

        // Not Dispose, which would wait for a callback that waits for the limiter's lock.
        waiter.Cancellation.Unregister();
        return true;
    }
}
