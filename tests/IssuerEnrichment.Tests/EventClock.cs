using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace IssuerEnrichment.Tests;

/// <summary>
/// A clock for discrete-event simulation. It stands still while any work is done. When everything waits, it advances to the end of the shortest wait, so
/// an hour takes no time, and every run is the same. It never advances to the end of long waits, such as timeouts.
/// </summary>
/// <remarks>Everything waits when the shared pool has nothing to do, so a test with this clock must run <see cref="NonParallelTests"/>.</remarks>
internal sealed class EventClock : TimeProvider
{
    public static readonly TimeSpan LongWait = TimeSpan.FromHours(12);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(EventTimer Timer, int Version), (long DueAt, long Order)> _waits = new();
    private long _now;
    private long _order;

    /// <summary>Time since the simulation began.</summary>
    public TimeSpan Now => new(Volatile.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        EventTimer timer = new(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass until something has ended, from a thread of its own.</summary>
    public Task RunAsync(Task something) =>
        Task.Factory.StartNew(() => Run(something), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // What is queued is asked for twice, for what was queued may have been taken up in between.
    private static bool IsPoolIdle()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
            return false;
        ThreadPool.GetMaxThreads(out int all, out _);
        ThreadPool.GetAvailableThreads(out int idle, out _);
        return all == idle && ThreadPool.PendingWorkItemCount == 0;
    }

    private void Run(Task something)
    {
        long startedAt = Stopwatch.GetTimestamp();
        SpinWait spin = default;
        while (!something.IsCompleted)
        {
            if (IsPoolIdle() && TryMove(out EventTimer? due))
                due.Fire();
            else
                spin.SpinOnce(sleep1Threshold: -1);
            if (Stopwatch.GetElapsedTime(startedAt) > Patience)
                throw new TimeoutException("Nobody waits for time to pass, or something keeps the shared pool busy.");
        }
    }

    private bool TryMove([NotNullWhen(true)] out EventTimer? due)
    {
        lock (_lock)
        {
            while (_waits.TryDequeue(out (EventTimer Timer, int Version) wait, out (long DueAt, long Order) when))
            {
                if (wait.Version != wait.Timer.Version)
                    continue;
                Volatile.Write(ref _now, Math.Max(_now, when.DueAt));
                due = wait.Timer;
                return true;
            }
        }

        due = null;
        return false;
    }

    /// <summary>Tests that run while no other test does.</summary>
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class NonParallelTests;

    private sealed class EventTimer(EventClock clock, Action callback) : ITimer
    {
        public int Version { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Version++;
                if (dueTime >= TimeSpan.Zero && dueTime < LongWait)
                    clock._waits.Enqueue((this, Version), (clock._now + dueTime.Ticks, ++clock._order));
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
                Version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
