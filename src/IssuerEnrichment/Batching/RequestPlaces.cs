namespace IssuerEnrichment.Batching;

/// <summary>The slots for a run's requests. A waiting request has priority over batches. Not thread-safe.</summary>
internal sealed class RequestPlaces(int free)
{
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = free;

    public bool IsAnyFree => _free > 0;

    /// <summary>Takes a slot. If none is free, returns a waiter that completes when one is.</summary>
    public LinkedListNode<TaskCompletionSource>? Enter()
    {
        if (_free == 0)
            return _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _free--;
        return null;
    }

    /// <summary>Releases a slot, to the first waiter if there is one.</summary>
    public void Leave()
    {
        if (_waiting.First is not { } next)
        {
            _free++;
            return;
        }

        _waiting.RemoveFirst();
        next.Value.SetResult();
    }

    /// <summary>Removes a waiter; false if it already has a slot.</summary>
    public bool TryGiveUp(LinkedListNode<TaskCompletionSource> wait)
    {
        if (wait.List is null)
            return false;
        _waiting.Remove(wait);
        return true;
    }
}
