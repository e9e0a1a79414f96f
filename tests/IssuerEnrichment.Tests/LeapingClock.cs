using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests;

/// <summary>
/// A clock that leaps to the end of every wait and notes it, so that an hour of them takes no time; nothing else moves it. Of several waits at a
/// time each adds its own, so that none ends early. It does not leap to fuses, such as timeouts, but burns them when it comes past.
/// </summary>
internal sealed class LeapingClock : FakeTimeProvider
{
    public static readonly TimeSpan Fuse = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();

    /// <summary>Tells the fuses from the waits.</summary>
    public Func<TimeSpan, bool> IsFuse { get; init; } = wait => wait >= Fuse;

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new LeapingTimer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime);

    private void Leap(TimeSpan wait)
    {
        Waits.Enqueue(wait);
        lock (_lock)
            Advance(wait);
    }

    private sealed class LeapingTimer : ITimer
    {
        private readonly LeapingClock _clock;
        private readonly ITimer _timer;

        public LeapingTimer(LeapingClock clock, ITimer timer, TimeSpan dueTime)
        {
            _clock = clock;
            _timer = timer;
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            if (dueTime > TimeSpan.Zero && !_clock.IsFuse(dueTime))
                ThreadPool.QueueUserWorkItem(_ => _clock.Leap(dueTime));
            return changed;
        }

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
