namespace IssuerEnrichment.Pacing;

/// <summary>When one limit lets requests start; times are ticks of 100 ns since the limiter was made. Not thread-safe.</summary>
internal interface IPermitSchedule
{
    /// <summary>Gets the instant from which every permit is free again.</summary>
    long AllFreeAt { get; }

    /// <summary>The earliest instant at which the last of <paramref name="permits"/> asked for at <paramref name="since"/> is free.</summary>
    long Earliest(long since, long permits);

    /// <summary>Takes permits asked for at <paramref name="since"/>, which are free and start at <paramref name="now"/>.</summary>
    void Take(long since, long now, int permits);
}
