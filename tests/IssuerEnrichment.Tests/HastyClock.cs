namespace IssuerEnrichment.Tests;

/// <summary>The system's clock, only faster: policies wait for seconds, a test for milliseconds. What is on a wire takes its time.</summary>
internal sealed class HastyClock : TimeProvider
{
    private readonly int _speed;
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _startedAt = System.GetTimestamp();

    private int _timers;

    public HastyClock(int speed) => _speed = speed;

    /// <summary>How many timers there are: none, once everything that used the clock has come to its end.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override long TimestampFrequency => System.TimestampFrequency / _speed;

    public override long GetTimestamp() => System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + GetElapsedTime(_startedAt);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(this, System.CreateTimer(callback, state, Shortened(dueTime), Shortened(period)));

    // Timers drop the fraction of a millisecond; none may fire early.
    private TimeSpan Shortened(TimeSpan wait) =>
        wait <= TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds / _speed));

    private sealed class HastyTimer : ITimer
    {
        private readonly HastyClock _clock;
        private readonly ITimer _timer;
        private int _isDisposed;

        public HastyTimer(HastyClock clock, ITimer timer)
        {
            _clock = clock;
            _timer = timer;
            Interlocked.Increment(ref clock._timers);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(_clock.Shortened(dueTime), _clock.Shortened(period));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Decrement(ref _clock._timers);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
