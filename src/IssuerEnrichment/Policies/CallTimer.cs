using System.Collections.Concurrent;

namespace IssuerEnrichment.Policies;

/// <summary>Gives each call of a run its time: a token that is cancelled when the time is up, or the run ends, and a wait of limited length. Thread-safe.</summary>
/// <remarks>
/// One timer serves them all, and a call that ends in time leaves its token to another. A timer and a linked token of each call's own cost more than
/// the rest of its lookup.
/// </remarks>
internal sealed class CallTimer : IDisposable
{
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _ending;
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
    }

    /// <summary>Begins a call that may take as long as the run.</summary>
    /// <param name="cancellationToken">Ends it earlier; most often that of the run itself.</param>
    public TimedCall Begin(CancellationToken cancellationToken)
    {
        TimedCall call = _idle.TryDequeue(out TimedCall? idle) ? idle : Add(new TimedCall(_ending));
        if (cancellationToken != _ending)
            call.Link(cancellationToken);
        return call;
    }

    /// <summary>Begins a call.</summary>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cut">When it is cut short; null where it is not.</param>
    /// <param name="cancellationToken">Ends it earlier.</param>
    public TimedCall Begin(long now, TimeSpan timeout, CutShort? cut, CancellationToken cancellationToken)
    {
        TimedCall call = Begin(cancellationToken);
        call.Start(now, After(now, timeout), After(0, cut?.After ?? TimeSpan.Zero), cut?.Gate);
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
        long wakesAt = After(now, atMost);
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

    public void Dispose() => _timer.Dispose();

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
        call.Dispose();
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

        // Outside the lock, for those who hear of it may begin the next call at once.
        expired.ForEach(call => call.Cancel());
        awake.ForEach(call => call.EndWait());
    }

    private long After(long now, TimeSpan time) => now + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);

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
