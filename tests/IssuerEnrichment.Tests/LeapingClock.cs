using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests;

/// <summary>
/// A clock that advances to the end of every wait and records it, so that an hour of waits takes no time. Nothing else advances it, and no wait ends
/// early. It does not advance to the end of long waits, such as timeouts, but fires them when it has passed them.
/// </summary>
internal sealed class LeapingClock : FakeTimeProvider
{
    public static readonly TimeSpan LongWait = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();

    /// <summary>Returns whether a wait is long, so that the clock does not advance to its end.</summary>
    public Func<TimeSpan, bool> IsLongWait { get; init; } = wait => wait >= LongWait;

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        LeapingTimer timer = new(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LeapingTimer(LeapingClock clock, ITimer timer) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int version = Interlocked.Increment(ref _version);
            bool changed = timer.Change(dueTime, Timeout.InfiniteTimeSpan);

            // Read after the timer has read it: were another leap to come between, the clock would stop short of the timer, for good.
            DateTimeOffset due = clock.GetUtcNow() + dueTime;
            if (dueTime > TimeSpan.Zero && !clock.IsLongWait(dueTime))
                ThreadPool.QueueUserWorkItem(_ => Leap(version, due, dueTime));
            return changed;
        }

        public void Dispose()
        {
            Interlocked.Increment(ref _version);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Leap(int version, DateTimeOffset due, TimeSpan wait)
        {
            lock (clock._lock)
            {
                if (version != Volatile.Read(ref _version))
                    return;
                clock.Waits.Enqueue(wait);
                if (due > clock.GetUtcNow())
                    clock.Advance(due - clock.GetUtcNow());
            }
        }
    }
}
