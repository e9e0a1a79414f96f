using System.Collections.Concurrent;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Applies timeouts to the calls of a run: a token that is cancelled when the timeout expires or the run ends, and a bounded wait. Thread-safe.
/// </summary>
/// <remarks>
/// One timer serves all calls, and their wait objects are reused. A timer and a linked token for each call would cost more than the rest of its
/// lookup. Cancellation callbacks do not run on the timer's thread, so that no client can delay the others.
/// </remarks>
internal sealed class CallTimer : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _ending;
    private readonly CancellationTokenRegistration _end;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly List<TimedCall> _calls = [];
    private readonly ConcurrentQueue<TimedCall> _idle = new();
    private long _firesAt = TimedCall.Never;

    public CallTimer(TimeProvider timeProvider, CancellationToken ending)
    {
        _timeProvider = timeProvider;
        _ending = ending;
        _timer = timeProvider.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _end = ending.UnsafeRegister(static timer => ((CallTimer)timer!).CancelAll(), this);
    }

    /// <summary>Starts a call without a timeout of its own.</summary>
    /// <param name="cancellationToken">Cancels the call; usually the token of the run.</param>
    public TimedCall Begin(CancellationToken cancellationToken)
    {
        TimedCall call = _idle.TryDequeue(out TimedCall? idle) ? idle : Add(new TimedCall());
        if (cancellationToken != _ending)
            call.Link(cancellationToken);

        // The run may have ended before the call was registered.
        if (_ending.IsCancellationRequested)
            call.Cancel();
        return call;
    }

    /// <summary>Starts a call with a timeout.</summary>
    /// <param name="now">The current timestamp.</param>
    /// <param name="timeout">The timeout.</param>
    /// <param name="cut">When to cut the call short; null to not cut it short.</param>
    /// <param name="requests">
    /// Tells which requests have a timeout of their own, so that only the time between them counts; null if all time counts.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public TimedCall Begin(long now, TimeSpan timeout, CutShort? cut, IRequestTimes? requests, CancellationToken cancellationToken)
    {
        TimedCall call = Begin(cancellationToken);
        call.Start(now, Ticks(timeout), Ticks(cut?.After ?? TimeSpan.Zero), cut?.Gate, requests);
        FireBy(call.Due);
        return call;
    }

    /// <summary>Waits until a task has completed, its call is cancelled, or a time has passed, whichever comes first. Does not throw.</summary>
    /// <param name="call">The call.</param>
    /// <param name="task">The task.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="atMost">The maximum time to wait.</param>
    public ValueTask WaitAsync(TimedCall call, Task task, long now, TimeSpan atMost)
    {
        long wakesAt = now + Ticks(atMost);
        ValueTask wait = call.WaitAsync(task, wakesAt);
        FireBy(wakesAt);
        return wait;
    }

    /// <summary>Ends a call.</summary>
    public void End(TimedCall call)
    {
        if (call.TryStop())
            _idle.Enqueue(call);
        else
            Discard(call);
    }

    public void Dispose()
    {
        _end.Unregister();
        _timer.Dispose();
    }

    private TimedCall Add(TimedCall call)
    {
        lock (_lock)
            _calls.Add(call);
        return call;
    }

    private void Discard(TimedCall call)
    {
        lock (_lock)
            _calls.Remove(call);
    }

    private void Fire()
    {
        List<TimedCall> expired;
        List<TimedCall> awake;
        lock (_lock)
        {
            Interlocked.Exchange(ref _firesAt, TimedCall.Never);
            long now = _timeProvider.GetTimestamp();
            expired = _calls.FindAll(call => call.TryExpire(now));
            _calls.RemoveAll(call => call.HasExpired);
            awake = _calls.FindAll(call => call.TryWake(now));
            if (_calls.Count > 0)
                FireAt(_calls.Min(call => call.NextDue));
        }

        foreach (TimedCall call in expired)
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.Cancel(), call, preferLocal: false);
        foreach (TimedCall call in awake)
            ThreadPool.UnsafeQueueUserWorkItem(static call => call.EndWait(), call, preferLocal: false);
    }

    private void CancelAll()
    {
        TimedCall[] calls;
        lock (_lock)
            calls = [.. _calls];
        foreach (TimedCall call in calls)
            call.Cancel();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);

    // The timer clears its due time before it looks for due calls, and this method does the reverse, so one of the two sees the other.
    private void FireBy(long due)
    {
        if (due < Interlocked.Read(ref _firesAt))
            FireAt(due);
    }

    private void FireAt(long due)
    {
        lock (_lock)
        {
            if (due >= _firesAt)
                return;
            Interlocked.Exchange(ref _firesAt, due);
            _timer.Change(TimeUntil(due), Timeout.InfiniteTimeSpan);
        }
    }

    // Rounded up, because timers truncate to milliseconds and this one would fire early repeatedly.
    private TimeSpan TimeUntil(long due) =>
        TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(_timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), due).TotalMilliseconds)));
}
