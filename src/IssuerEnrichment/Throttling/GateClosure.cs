namespace IssuerEnrichment.Throttling;

/// <summary>Since when a gate is closed, and until when at least. Not thread-safe.</summary>
/// <remarks>Times are ticks of the gate's clock.</remarks>
/// <param name="options">The most that a service may ask for.</param>
/// <param name="random">Chance, from 0 to 1.</param>
internal sealed class GateClosure(GateOptions options, Func<double> random)
{
    private long? _since;
    private long _longestHint;

    /// <summary>The earliest time at which the gate can open.</summary>
    public long OpensAt { get; private set; }

    /// <summary>How often it has closed since the last good answer.</summary>
    public int Times { get; private set; }

    /// <summary>Whether it is closed because the service is down, rather than because the service asked for a slower pace.</summary>
    public bool IsOutage { get; private set; }

    /// <summary>Whether it is closed because a quota is used up, though nothing was throttled.</summary>
    public bool IsByQuota { get; set; }

    /// <summary>Whether there was no good answer since it closed.</summary>
    public bool IsClosed => _since is not null;

    /// <summary>For how long there has been no good answer.</summary>
    public long TimeClosed(long now) => now - _since ?? 0;

    /// <summary>When waiting loses its point: waits that the service asked for do not count. Null while the service answers.</summary>
    public long? PatienceEndsAt(TimeSpan patience) => _since + patience.Ticks + _longestHint;

    /// <summary>Closes the gate.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hint">The wait that the service asks for; null where it names none.</param>
    /// <param name="atLeast">The gate's own wait.</param>
    /// <param name="isOutage">Whether the service is down.</param>
    /// <returns>The wait. Jitter is added to it, so that several processes do not come back as one.</returns>
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

    /// <summary>The service asks for a wait once more; a shorter one never shortens the one before.</summary>
    public void Lengthen(long now, TimeSpan hint) => OpensAt = Math.Max(OpensAt, now + Cap(hint));

    /// <summary>It may open at once.</summary>
    public void OpenAt(long now) => OpensAt = now;

    /// <summary>The service has answered.</summary>
    public void End()
    {
        Times = 0;
        _since = null;
        _longestHint = 0;
        IsOutage = false;
        IsByQuota = false;
    }

    /// <summary>Somebody comes who has not waited yet.</summary>
    public void RestartPatience(long now)
    {
        if (_since is not null)
            _since = now;
    }

    private long Cap(TimeSpan hint) => Math.Min(hint.Ticks, options.MaxRetryAfter.Ticks);
}
