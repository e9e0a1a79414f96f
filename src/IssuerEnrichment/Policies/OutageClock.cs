namespace IssuerEnrichment.Policies;

/// <summary>How long the service has been down, seen from its circuit breaker. Thread-safe.</summary>
internal sealed class OutageClock(TimeSpan patience, TimeProvider timeProvider)
{
    private const long Up = -1;

    private long _downSince = Up;

    public TimeSpan Patience => patience;

    /// <summary>Whether somebody who began to wait at an instant has waited out this outage for long enough.</summary>
    public bool HasOutlastedPatience(long waitingSince)
    {
        long downSince = Volatile.Read(ref _downSince);
        return downSince != Up && timeProvider.GetElapsedTime(Math.Max(downSince, waitingSince)) > patience;
    }

    /// <summary>The circuit opened. True if an outage begins with it; opening again after a failed probe is still the same one.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _downSince, timeProvider.GetTimestamp(), Up) == Up;

    public void End() => Volatile.Write(ref _downSince, Up);
}
