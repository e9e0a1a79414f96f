namespace IssuerEnrichment.Pacing;

/// <summary>All limits of a <see cref="RateLimit"/> at once. Zero permits ask for one, and take none.</summary>
internal sealed class CombinedSchedule(RateLimit rateLimit)
{
    private const double Margin = 1.01;

    private readonly IPermitSchedule[] _schedules = [.. rateLimit.Limits.SelectMany(SchedulesOf)];

    /// <summary>Gets the most permits that can ever be taken together.</summary>
    public int MaxPermits { get; } = rateLimit.Limits.Min(limit => limit.Permits);

    /// <inheritdoc cref="IPermitSchedule.AllFreeAt"/>
    public long AllFreeAt => _schedules.Max(schedule => schedule.AllFreeAt);

    /// <inheritdoc cref="IPermitSchedule.Earliest"/>
    public long Earliest(long since, long permits)
    {
        long earliest = long.MinValue;
        foreach (IPermitSchedule schedule in _schedules)
            earliest = Math.Max(earliest, schedule.Earliest(since, Math.Max(permits, 1)));
        return earliest;
    }

    /// <summary>Takes permits asked for at <paramref name="since"/> if they may start at <paramref name="now"/>.</summary>
    public bool TryTake(long since, long now, int permits)
    {
        if (Earliest(since, permits) > now)
            return false;
        if (permits > 0)
        {
            foreach (IPermitSchedule schedule in _schedules)
                schedule.Take(since, now, permits);
        }

        return true;
    }

    /// <summary>The most permits that can be taken together now.</summary>
    public int CountFree(long now)
    {
        int least = 0;
        int most = MaxPermits;
        while (least < most)
        {
            int middle = least + ((most - least + 1) / 2);
            if (Earliest(now, middle) <= now)
                least = middle;
            else
                most = middle - 1;
        }

        return least;
    }

    private static IEnumerable<IPermitSchedule> SchedulesOf(Limit limit)
    {
        bool spread = limit.Period <= TimeSpan.FromMinutes(1);
        double length = limit.Period.Ticks * (spread ? Margin : 1);
        if (spread)
            yield return new EvenSpacing((long)Math.Ceiling(length / limit.Permits));
        yield return new SlidingWindow(limit.Permits, (long)Math.Ceiling(length));
    }
}
