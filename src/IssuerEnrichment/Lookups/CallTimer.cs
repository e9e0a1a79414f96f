using System.Collections.Concurrent;

namespace IssuerEnrichment.Lookups;

/// <summary>Gives each call of a run its time: a token that is cancelled when the time is up, or the run ends, and a wait of limited length. Thread-safe.</summary>
/// <remarks>
/// One timer serves them all, and what a call waits with is used again. A timer and a linked token of each call's own cost more than the rest of its
/// lookup. What follows on the end of a call's time runs apart from the timer, so that no client can hold the others up.
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

    /// <summary>Begins a call that may take as long as the run.</summary>
    /// <param name="cancellationToken">Ends it earlier; most often that of the run itself.</param>
    public TimedCall Begin(CancellationToken cancellationToken)
    {
        TimedCall call = _idle.TryDequeue(out TimedCall? idle) ? idle : Add(new TimedCall());
        if (cancellationToken != _ending)
            call.Link(cancellationToken);

        // The run may have ended before the call was there to be told.
        if (_ending.IsCancellationRequested)
            call.Cancel();
        return call;
    }

    /// <summary>Begins a call.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cut">When it is cut short; null where it is not.</param>
    /// <param name="requests">Knows of requests that have their own time, so that only what is between them counts here; null where all of it does.</param>
    /// <param name="cancellationToken">Ends it earlier.</param>
    public TimedCall Begin(long now, TimeSpan timeout, CutShort? cut, IRequestTimes? requests, CancellationToken cancellationToken)
    {
        TimedCall call = Begin(cancellationToken);
        call.Start(now, Ticks(timeout), Ticks(cut?.After ?? TimeSpan.Zero), cut?.Gate, requests);
        FireBy(call.Due);
        return call;
    }

    /// <summary>Waits until a task has ended, its call is cancelled, or a time is over, whatever comes first. It never throws.</summary>
    /// <param name="call">The call.</param>
    /// <param name="task">The task.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="atMost">How long to wait.</param>
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

    // The timer forgets when it fires before it looks for what is due, and here it is the other way around: one of the two sees the other.
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

    // Timers drop the fraction of a millisecond: not rounded up, this one would fire early, over and over.
    private TimeSpan TimeUntil(long due) =>
        TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(_timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), due).TotalMilliseconds)));
}
