namespace IssuerEnrichment.Batching;

/// <summary>The places for requests of one run. Whoever waits for one goes before all who look whether one is free. Not thread-safe.</summary>
internal sealed class RequestPlaces(int free)
{
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = free;

    public bool IsAnyFree => _free > 0;

    /// <summary>Takes a place; where none is free, gives what ends once there is one.</summary>
    public LinkedListNode<TaskCompletionSource>? Enter()
    {
        if (_free == 0)
            return _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _free--;
        return null;
    }

    /// <summary>Leaves a place, to the first of those that wait.</summary>
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

    /// <summary>Waits no longer; false where the place is there already.</summary>
    public bool TryGiveUp(LinkedListNode<TaskCompletionSource> wait)
    {
        if (wait.List is null)
            return false;
        _waiting.Remove(wait);
        return true;
    }
}
