namespace IssuerEnrichment.Clients;

/// <summary>
/// A thread that waits for a lookup and makes its blocking calls meanwhile. What follows on a call is done here as well, without waking another thread;
/// the lookup goes on elsewhere only after a wait, or where this thread is stuck in a call.
/// </summary>
/// <param name="leaveBehind">
/// Called when the lookup has ended and this thread is still stuck in a call: not before, or two lookups would take the thread's one place.
/// </param>
internal sealed class CallingThread(Action leaveBehind)
{
    private readonly object _monitor = new();
    private BlockingCall? _call;
    private bool _isInCall;
    private bool _isLeftBehind;
    private bool _isOver;

    /// <summary>Has the thread make a call; once it is stuck in an earlier one, another thread does.</summary>
    public Task<IssuerAnswer> CallAsync(IBlockingIssuerClient client, string issuerId, CancellationToken cancellationToken)
    {
        BlockingCall call = new(client, issuerId, cancellationToken);
        lock (_monitor)
        {
            if (_isLeftBehind)
                return call.MakeOnThreadOfItsOwn();
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
            call.Make();
            lock (_monitor)
                _isInCall = false;
            call.Tell();
        }
    }

    /// <summary>The lookup gave up on a call: where the thread is still in it, it is left behind.</summary>
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
