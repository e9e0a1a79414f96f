using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The system's clock with precise timers, so that an answer after 20 ms comes after 20 ms and not after 28.</summary>
internal sealed class PreciseClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);

        ITimer timer = PreciseTimer.Create(System, () => ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null));
        timer.Change(dueTime, period);
        return timer;
    }
}
