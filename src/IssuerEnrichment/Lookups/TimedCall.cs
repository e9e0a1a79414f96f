using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using IssuerEnrichment.Throttling;
using Polly.Timeout;

namespace IssuerEnrichment.Lookups;

/// <summary>A call of a client: its cancellation token, and the wait for its answer.</summary>
/// <remarks>
/// The wait object serves one call after another: <see cref="Task.WaitAsync(CancellationToken)"/> would create a task and a registration for each
/// call, which cost more than the rest of the wait. The token is not reused after cancellation, because a client may keep it and its registrations.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A source of cancellation that is neither linked nor timed has nothing to dispose of.")]
internal sealed class TimedCall : IValueTaskSource
{
    /// <summary>A due time that never comes.</summary>
    public const long Never = long.MaxValue;

    private const long Expired = long.MinValue;

    private readonly Action _endWait;
    private CancellationTokenSource _source = new();
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _link;
    private long _due = Never;
    private long _mostDue = Never;
    private long _begunAt;
    private long _timeout;
    private long _cutAfter;
    private ServiceGate? _others;
    private IRequestTimes? _requests;
    private long _wakesAt = Never;
    private int _isWaiting;

    public TimedCall() => _endWait = EndWait;

    public CancellationToken Token => _source.Token;

    /// <summary>The timestamp when its timeout expires.</summary>
    public long Due
    {
        get => Interlocked.Read(ref _due);
        private set => Interlocked.Exchange(ref _due, value);
    }

    /// <summary>The earlier of the end of its timeout and the end of its wait.</summary>
    public long NextDue => Math.Min(Due, Interlocked.Read(ref _wakesAt));

    /// <summary>Whether it was cancelled because its timeout expired.</summary>
    public bool HasExpired => Due == Expired;

    /// <summary>Whether it was cut short before its whole timeout had passed.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>Starts its timeout.</summary>
    /// <param name="now">The current timestamp.</param>
    /// <param name="timeout">The timeout in timestamp units.</param>
    /// <param name="cutAfter">The time after which it may be cut short, in timestamp units.</param>
    /// <param name="others">Knows when other calls were answered; null if it must not be cut short.</param>
    /// <param name="requests">
    /// Tells which requests have a timeout of their own, so that only the time between them counts; null if all time counts.
    /// </param>
    public void Start(long now, long timeout, long cutAfter, ServiceGate? others, IRequestTimes? requests)
    {
        (_begunAt, _timeout, _mostDue, _cutAfter, _others, _requests, WasCutShort) = (now, timeout, now + timeout, cutAfter, others, requests, false);
        Due = others is null ? _mostDue : Math.Min(_mostDue, now + cutAfter);
    }

    /// <summary>Creates the exception for its timeout.</summary>
    /// <param name="cause">The exception that its cancellation caused.</param>
    /// <param name="timeout">The whole timeout.</param>
    public Exception Explain(OperationCanceledException cause, TimeSpan timeout) =>
        WasCutShort ? new CutShortException(cause) : new TimeoutRejectedException(cause.Message, timeout, cause);

    /// <summary>Links another token that cancels it, too.</summary>
    public void Link(CancellationToken token) => _link = token.UnsafeRegister(static call => ((TimedCall)call!).Cancel(), this);

    /// <summary>Waits until a task has completed or the token is cancelled. Only one wait at a time is allowed. Does not throw.</summary>
    /// <param name="task">The task.</param>
    /// <param name="wakesAt">The timestamp when the wait ends at the latest, if <see cref="TryWake"/> is called then.</param>
    public ValueTask WaitAsync(Task task, long wakesAt = Never)
    {
        _wait.Reset();
        Interlocked.Exchange(ref _wakesAt, wakesAt);
        Volatile.Write(ref _isWaiting, 1);
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_endWait);

        // The cancellation came before the wait started, so it did not end the wait.
        if (_source.IsCancellationRequested)
            EndWait();
        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Stops its timeout. Returns false if its token is cancelled, so that the next call needs another one.</summary>
    public bool TryStop()
    {
        _link.Dispose();
        _link = default;
        if (Interlocked.Exchange(ref _due, Never) == Expired || _source.IsCancellationRequested)
            return false;
        (_source, _requests, _others) = (new CancellationTokenSource(), null, null);
        return true;
    }

    /// <summary>Marks it as expired if its timeout has passed.</summary>
    public bool TryExpire(long now)
    {
        long due = Due;
        if (due == Expired || due > now)
            return false;
        bool isCut = due < _mostDue && _others is not null;
        long later = isCut && !_others!.WasAnsweredSince(_begunAt) ? Math.Min(_mostDue, due + _cutAfter)
            : _requests is { } requests ? requests.IdleSince(now) + _timeout
            : due;
        if (later > now)
        {
            Interlocked.CompareExchange(ref _due, later, due);
            return false;
        }

        WasCutShort = isCut;
        return Interlocked.CompareExchange(ref _due, Expired, due) == due;
    }

    /// <summary>Returns whether its wait must end, which <see cref="EndWait"/> does.</summary>
    public bool TryWake(long now)
    {
        long wakesAt = Interlocked.Read(ref _wakesAt);
        return wakesAt <= now && Volatile.Read(ref _isWaiting) == 1 && Interlocked.CompareExchange(ref _wakesAt, Never, wakesAt) == wakesAt;
    }

    /// <summary>Ends its wait. If the next wait has started meanwhile, it ends that one, and the waiter finds that nothing has happened.</summary>
    public void EndWait()
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0)
            return;
        Interlocked.Exchange(ref _wakesAt, Never);
        _wait.SetResult(true);
    }

    /// <summary>Cancels its token and ends its wait. Cancellation callbacks run on another thread, because they may block or throw.</summary>
    public void Cancel()
    {
        _ = _source.CancelAsync().ContinueWith(static cancelled => cancelled.Exception, TaskScheduler.Default);
        EndWait();
    }

    void IValueTaskSource.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
