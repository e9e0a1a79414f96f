namespace IssuerEnrichment.Throttling;

/// <summary>Tracks since when a gate is closed, and when it may open. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">The maximum wait that a service may ask for.</param>
/// <param name="random">Returns a random number from 0 to 1.</param>
internal sealed class GateClosure(GateOptions options, Func<double> random)
{
    private long? _since;
    private long _longestHint;

    /// <summary>The earliest time at which the gate can open.</summary>
    public long OpensAt { get; private set; }

    /// <summary>How many times the gate has closed since the last good answer.</summary>
    public int Times { get; private set; }

    /// <summary>Whether the gate is closed because the service is down, not because it throttles.</summary>
    public bool IsOutage { get; private set; }

    /// <summary>Whether the gate is closed because a quota is used up, although no request was throttled.</summary>
    public bool IsByQuota { get; set; }

    /// <summary>Whether the gate has closed and there was no good answer since.</summary>
    public bool IsClosed => _since is not null;

    /// <summary>Returns how long there has been no good answer.</summary>
    public long TimeClosed(long now) => now - _since ?? 0;

    /// <summary>Returns when to stop waiting for the service; null while it answers. Waits that the service asked for do not count.</summary>
    public long? PatienceEndsAt(TimeSpan patience) => _since + patience.Ticks + _longestHint;

    /// <summary>Closes the gate.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="hint">The wait that the service asks for; null if it does not say.</param>
    /// <param name="atLeast">The minimum wait.</param>
    /// <param name="isOutage">Whether the service is down.</param>
    /// <returns>The wait, without the jitter that is added so that several processes do not resume at the same time.</returns>
    public TimeSpan Close(long now, TimeSpan? hint, TimeSpan atLeast, bool isOutage)
    {
        long wait = Math.Max(hint is { } asked ? Cap(asked) : 0, atLeast.Ticks);
        if (hint is not null)
            _longestHint = Math.Max(_longestHint, wait);
        OpensAt = Math.Max(OpensAt, now + wait + (long)(wait * 0.1 * random()));
        _since ??= now;
        Times++;
        IsOutage = isOutage;
        IsByQuota = false;
        return TimeSpan.FromTicks(wait);
    }

    /// <summary>Extends the wait if the service asks for a longer one.</summary>
    public void Lengthen(long now, TimeSpan hint) => OpensAt = Math.Max(OpensAt, now + Cap(hint));

    /// <summary>Lets the gate open now.</summary>
    public void OpenAt(long now) => OpensAt = now;

    /// <summary>Ends the closure, because the service has answered.</summary>
    public void End()
    {
        Times = 0;
        _since = null;
        _longestHint = 0;
        IsOutage = false;
        IsByQuota = false;
    }

    /// <summary>Restarts the time to wait for the service.</summary>
    public void RestartPatience(long now)
    {
        if (_since is not null)
            _since = now;
    }

    private long Cap(TimeSpan hint) => Math.Min(hint.Ticks, options.MaxRetryAfter.Ticks);
}
