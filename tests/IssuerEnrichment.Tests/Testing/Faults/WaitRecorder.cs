using System.Collections.Concurrent;

namespace IssuerEnrichment.Tests.Testing.Faults;

/// <summary>A clock on which every wait is noted and over at once.</summary>
internal sealed class WaitRecorder : TimeProvider
{
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
