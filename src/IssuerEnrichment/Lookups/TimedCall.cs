using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using IssuerEnrichment.Throttling;
using Polly.Timeout;

namespace IssuerEnrichment.Lookups;

/// <summary>One call of a client, its token, and the wait for its answer.</summary>
/// <remarks>
/// What it waits with serves one call after the other: <see cref="Task.WaitAsync(CancellationToken)"/> makes a task and a registration of every call's
/// own, which cost more than the rest of the wait. The token is the call's own, for a client may keep it, and what it has registered there.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "A source of cancellation that is neither linked nor timed has nothing to dispose of.")]
internal sealed class TimedCall : IValueTaskSource
{
    /// <summary>A time that does not come.</summary>
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

    /// <summary>When its time is up, as a timestamp.</summary>
    public long Due
    {
        get => Interlocked.Read(ref _due);
        private set => Interlocked.Exchange(ref _due, value);
    }

    /// <summary>What comes first, the end of its time or that of its wait.</summary>
    public long NextDue => Math.Min(Due, Interlocked.Read(ref _wakesAt));

    /// <summary>Whether it was cancelled because its time was up.</summary>
    public bool HasExpired => Due == Expired;

    /// <summary>Whether that was before its whole time was up.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>Starts its time.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="timeout">How long it may take, in the units of a timestamp.</param>
    /// <param name="cutAfter">After which time it may be cut short, in the same units.</param>
    /// <param name="others">Knows when other calls were answered; null where it is not cut short.</param>
    /// <param name="requests">Knows of requests that have their own time, so that only what is between them counts here; null where all of it does.</param>
    public void Start(long now, long timeout, long cutAfter, ServiceGate? others, IRequestTimes? requests)
    {
        (_begunAt, _timeout, _mostDue, _cutAfter, _others, _requests, WasCutShort) = (now, timeout, now + timeout, cutAfter, others, requests, false);
        Due = others is null ? _mostDue : Math.Min(_mostDue, now + cutAfter);
    }

    /// <summary>The exception that says that its time was up.</summary>
    /// <param name="cause">What its cancellation led to.</param>
    /// <param name="timeout">Its whole time.</param>
    public Exception Explain(OperationCanceledException cause, TimeSpan timeout) =>
        WasCutShort ? new CutShortException(cause) : new TimeoutRejectedException(cause.Message, timeout, cause);

    /// <summary>Lets another token end it too.</summary>
    public void Link(CancellationToken token) => _link = token.UnsafeRegister(static call => ((TimedCall)call!).Cancel(), this);

    /// <summary>Waits until a task has ended or the token is cancelled, whatever comes first, one task at a time. It never throws.</summary>
    /// <param name="task">The task.</param>
    /// <param name="wakesAt">When the wait ends at the latest, as a timestamp, if <see cref="TryWake"/> is called then.</param>
    public ValueTask WaitAsync(Task task, long wakesAt = Never)
    {
        _wait.Reset();
        Interlocked.Exchange(ref _wakesAt, wakesAt);
        Volatile.Write(ref _isWaiting, 1);
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_endWait);

        // Cancelled before it waited, it was not told.
        if (_source.IsCancellationRequested)
            EndWait();
        return new ValueTask(this, _wait.Version);
    }

    /// <summary>Stops its time; false where its token is cancelled and it is of no use to another call. The next one gets a token of its own.</summary>
    public bool TryStop()
    {
        _link.Dispose();
        _link = default;
        if (Interlocked.Exchange(ref _due, Never) == Expired || _source.IsCancellationRequested)
            return false;
        (_source, _requests, _others) = (new CancellationTokenSource(), null, null);
        return true;
    }

    /// <summary>Ends it for good where its time is up.</summary>
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

    /// <summary>Whether its wait is to end, which <see cref="EndWait"/> does.</summary>
    public bool TryWake(long now)
    {
        long wakesAt = Interlocked.Read(ref _wakesAt);
        return wakesAt <= now && Volatile.Read(ref _isWaiting) == 1 && Interlocked.CompareExchange(ref _wakesAt, Never, wakesAt) == wakesAt;
    }

    /// <summary>Ends its wait. Where the next wait has begun meanwhile, it ends that one, and who waited finds that nothing has come.</summary>
    public void EndWait()
    {
        if (Interlocked.Exchange(ref _isWaiting, 0) == 0)
            return;
        Interlocked.Exchange(ref _wakesAt, Never);
        _wait.SetResult(true);
    }

    /// <summary>Cancels its token, and ends its wait. What listens to the token runs apart: it may block, or throw, which is nobody's affair here.</summary>
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
