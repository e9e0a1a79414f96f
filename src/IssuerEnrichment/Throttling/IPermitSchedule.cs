namespace IssuerEnrichment.Throttling;

/// <summary>The schedule of one limit: when requests may start, in ticks of 100 ns since the limiter was created. Not thread-safe.</summary>
internal interface IPermitSchedule
{
    /// <summary>Gets the length of a window, excluding its end, and the maximum number of permits that start in any such window.</summary>
    (long Permits, long Length) Round { get; }

    /// <summary>Gets the time when all permits are free.</summary>
    long AllFreeAt { get; }

    /// <summary>Returns the earliest time when the last of a number of permits, requested at <paramref name="since"/>, is free.</summary>
    long Earliest(long permits, long since);

    /// <summary>Takes free permits that were requested at <paramref name="since"/> and start at <paramref name="now"/>.</summary>
    void Take(int permits, long since, long now);
}
