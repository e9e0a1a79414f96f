namespace IssuerEnrichment.Clients;

/// <summary>
/// A thread that waits for a lookup, and makes the lookup's blocking calls while it does. The continuations of a call run on this thread too, to
/// avoid waking another one. The lookup continues on another thread only after an asynchronous wait, or if this thread is stuck in a call.
/// </summary>
/// <param name="leaveBehind">
/// Called when the lookup has ended while this thread is still stuck in a call. Calling it earlier would let two lookups use the thread's one slot.
/// </param>
internal sealed class CallingThread(Action leaveBehind)
{
    private readonly object _monitor = new();
    private BlockingCall? _call;
    private bool _isInCall;
    private bool _isLeftBehind;
    private bool _isOver;

    /// <summary>Makes a call on this thread, or on another one if this thread is stuck in an earlier call.</summary>
    public Task<IssuerAnswer> CallAsync(AskBlocking ask, string issuerId, CancellationToken cancellationToken)
    {
        BlockingCall call = new(ask, issuerId, cancellationToken);
        lock (_monitor)
        {
            if (_isLeftBehind)
                return call.CallOnNewThread();
            _call = call;
            Monitor.Pulse(_monitor);
        }

        return call.Answer;
    }

    /// <summary>Makes calls until the lookup has ended.</summary>
    public void ServeUntil(Task lookup)
    {
        lookup.ContinueWith(
            static (_, thread) => ((CallingThread)thread!).End(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        while (AwaitCall() is { } call)
        {
            call.Call();
            lock (_monitor)
                _isInCall = false;
            call.Complete();
        }
    }

    /// <summary>Notes that the lookup abandoned its call. If this thread is still in the call, it is abandoned too.</summary>
    public void Abandon()
    {
        lock (_monitor)
            _isLeftBehind |= _isInCall;
    }

    private BlockingCall? AwaitCall()
    {
        lock (_monitor)
        {
            while (_call is null && !_isOver)
                Monitor.Wait(_monitor);
            BlockingCall? call = _isOver ? null : _call;
            _call = null;
            _isInCall = call is not null;
            return call;
        }
    }

    private void End()
    {
        bool isStuck;
        lock (_monitor)
            isStuck = _isInCall && _isLeftBehind;
        if (isStuck)
            leaveBehind();
        lock (_monitor)
        {
            _isOver = true;
            Monitor.Pulse(_monitor);
        }
    }
}
