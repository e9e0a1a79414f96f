using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Strategies;

/// <summary>
/// Lets several workers take lookups from one asynchronous sequence. One of them advances the sequence at a time; the others queue.
/// </summary>
/// <remarks>
/// An advance that completes synchronously, as over a list, takes two uncontended locks and does not allocate. A sequence that throws ends the queue:
/// one worker gets the exception, and the others find the queue empty.
/// </remarks>
internal sealed class LookupQueue(IAsyncEnumerable<IssuerLookup> lookups, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly IAsyncEnumerator<IssuerLookup> _source = lookups.GetAsyncEnumerator(cancellationToken);
    private bool _isMoving;
    private bool _isEmpty;

    /// <summary>Takes the next lookup, waiting until there is one; null when the sequence has ended.</summary>
    public ValueTask<IssuerLookup?> TakeAsync()
    {
        // Most advances complete sooner than a wait could start.
        for (SpinWait spin = default; !TryMove(); spin.SpinOnce(sleep1Threshold: -1))
        {
            if (spin.NextSpinWillYield && TryWait(out Task? turn))
                return AwaitTurnAsync(turn);
        }

        // Outside the lock, because the sequence is the caller's code and may be slow. Only the result of a completed advance may be read.
        ValueTask<bool> move = _isEmpty || cancellationToken.IsCancellationRequested ? new(false) : _source.MoveNextAsync();
        return move.IsCompletedSuccessfully ? new(PassOn(move.GetAwaiter().GetResult())) : AwaitMoveAsync(move);
    }

    /// <summary>Takes the next lookup, blocking the calling thread. Must not be called on a thread of the thread pool.</summary>
    public IssuerLookup? Take()
    {
        ValueTask<IssuerLookup?> taken = TakeAsync();
        return taken.IsCompleted ? taken.GetAwaiter().GetResult() : taken.AsTask().GetAwaiter().GetResult();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private bool TryMove()
    {
        lock (_lock)
            return !_isMoving && (_isMoving = true);
    }

    private bool TryWait([NotNullWhen(true)] out Task? turn)
    {
        lock (_lock)
        {
            turn = null;
            if (!_isMoving)
                return false;
            TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(next);
            turn = next.Task;
            return true;
        }
    }

    private async ValueTask<IssuerLookup?> AwaitTurnAsync(Task turn)
    {
        await turn.ConfigureAwait(false);
        return await TakeAsync().ConfigureAwait(false);
    }

    private async ValueTask<IssuerLookup?> AwaitMoveAsync(ValueTask<bool> move)
    {
        bool moved = false;
        IssuerLookup? taken = null;
        try
        {
            moved = await move.ConfigureAwait(false);
        }
        finally
        {
            taken = PassOn(moved);
        }

        return taken;
    }

    // The worker that advanced the sequence wakes the next one in the queue. When the sequence has ended, it wakes all of them.
    private IssuerLookup? PassOn(bool moved)
    {
        lock (_lock)
        {
            IssuerLookup? taken = moved ? _source.Current : null;
            _isMoving = false;
            _isEmpty = !moved;
            do
            {
                if (_waiting.TryDequeue(out TaskCompletionSource? next))
                    next.SetResult();
            }
            while (_isEmpty && _waiting.Count > 0);
            return taken;
        }
    }
}
