namespace IssuerEnrichment.Throttling;

/// <summary>When one limit lets requests start, in ticks of 100 ns since the limiter was made. Not thread-safe.</summary>
internal interface IPermitSchedule
{
    /// <summary>Gets how many permits may start in any stretch of which length, its end excluded.</summary>
    (long Permits, long Length) Round { get; }

    /// <summary>Gets the instant from which every permit is free.</summary>
    long AllFreeAt { get; }

    /// <summary>The earliest instant that the last of so many permits, asked for at <paramref name="since"/>, is free.</summary>
    long Earliest(long permits, long since);

    /// <summary>Takes permits asked for at <paramref name="since"/> that are free and start at <paramref name="now"/>.</summary>
    void Take(int permits, long since, long now);
}
