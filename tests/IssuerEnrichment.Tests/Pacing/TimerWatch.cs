using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Pacing;

/// <summary>A clock moved by hand that knows when the limiter's one timer is due, so that a test can jump there, or be late.</summary>
internal sealed class TimerWatch : FakeTimeProvider
{
    private readonly long _origin;

    public TimerWatch() => _origin = GetTimestamp();

    public TimeSpan Now => GetElapsedTime(_origin);

    public TimeSpan Due { get; private set; }

    public void AdvanceTo(TimeSpan instant) => Advance(instant - Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Watched(this, base.CreateTimer(callback, state, dueTime, period));

    private sealed class Watched(TimerWatch clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Due = clock.Now + dueTime;
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
