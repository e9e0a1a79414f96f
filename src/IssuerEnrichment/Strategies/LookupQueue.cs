using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Strategies;

/// <summary>Lets many workers take from one asynchronous sequence: one moves it at a time, the others wait their turn in order.</summary>
/// <remarks>
/// A move that completes at once, as those over a list do, costs two uncontended locks and no allocation. A sequence that throws ends the queue:
/// one worker gets the exception, the others find the queue empty.
/// </remarks>
internal sealed class LookupQueue(IAsyncEnumerable<IssuerLookup> lookups, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private readonly IAsyncEnumerator<IssuerLookup> _source = lookups.GetAsyncEnumerator(cancellationToken);
    private bool _isMoving;
    private bool _isEmpty;

    /// <summary>Takes the next lookup, waiting for the sequence to give one; null when it has ended.</summary>
    public ValueTask<IssuerLookup?> TakeAsync()
    {
        // Most moves are over sooner than a wait could begin.
        for (SpinWait spin = default; !TryMove(); spin.SpinOnce(sleep1Threshold: -1))
        {
            if (spin.NextSpinWillYield && TryWait(out Task? turn))
                return AwaitTurnAsync(turn);
        }

        // Outside of the lock, for what moves is the caller's sequence, which may take its time. A result is only taken of a move that is over.
        ValueTask<bool> move = _isEmpty || cancellationToken.IsCancellationRequested ? new(false) : _source.MoveNextAsync();
        return move.IsCompletedSuccessfully ? new(PassOn(move.GetAwaiter().GetResult())) : AwaitMoveAsync(move);
    }

    /// <summary>Takes the next lookup, blocking the calling thread, which must not be one of the shared pool.</summary>
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

    // Whoever has moved the sequence wakes the next in line; when it has ended, all of them must find out.
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
