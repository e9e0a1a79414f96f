namespace IssuerEnrichment.Throttling;

/// <summary>All limits of a <see cref="RateLimit"/> combined. Zero permits wait like one, but take none.</summary>
internal sealed class CombinedSchedule(RateLimit rateLimit)
{
    // One per cent. Exact, because periods are whole milliseconds.
    private const int MarginDivisor = 100;

    private readonly IPermitSchedule[] _schedules = [.. rateLimit.Limits.SelectMany(SchedulesOf)];

    /// <summary>Gets the maximum number of permits that can be taken together.</summary>
    public int MaxPermits { get; } = rateLimit.Limits.Min(limit => limit.Permits);

    /// <summary>Gets how often permits were taken, including zero permits.</summary>
    public long Leases { get; private set; }

    /// <inheritdoc cref="IPermitSchedule.AllFreeAt"/>
    public long AllFreeAt => _schedules.Max(schedule => schedule.AllFreeAt);

    /// <inheritdoc cref="IPermitSchedule.Earliest"/>
    public long Earliest(long permits, long since)
    {
        long earliest = long.MinValue;
        foreach (IPermitSchedule schedule in _schedules)
            earliest = Math.Max(earliest, schedule.Earliest(Math.Max(permits, 1), since));
        return earliest;
    }

    /// <summary>Returns the minimum time from the first to the last of a number of permits, whatever was taken before.</summary>
    /// <remarks>
    /// Computed as whole rounds of the limit that is slowest in the long run, and then of the next limit for the rest. This is exact for a single
    /// quota, and for nested quotas where each longer one is slower. Otherwise it may be slightly too low.
    /// </remarks>
    public long LeastSpan(long permits)
    {
        long span = 0;
        long left = Math.Max(0, permits - 1);
        foreach ((long each, long length) in _schedules.Select(schedule => schedule.Round).OrderByDescending(round => (double)round.Length / round.Permits))
        {
            (long rounds, left) = Math.DivRem(left, each);
            span += Periods.Times(rounds, length);
        }

        return span;
    }

    /// <summary>Takes permits that were requested at <paramref name="since"/>, if they may start at <paramref name="now"/>.</summary>
    public bool TryTake(int permits, long since, long now)
    {
        if (Earliest(permits, since) > now)
            return false;
        if (permits > 0)
        {
            foreach (IPermitSchedule schedule in _schedules)
                schedule.Take(permits, since, now);
        }

        Leases++;
        return true;
    }

    /// <summary>Returns the maximum number of permits that can be taken together now.</summary>
    public int CountFree(long now)
    {
        int least = 0;
        int most = MaxPermits;
        while (least < most)
        {
            int middle = least + ((most - least + 1) / 2);
            if (Earliest(middle, now) <= now)
                least = middle;
            else
                most = middle - 1;
        }

        return least;
    }

    private static IPermitSchedule[] SchedulesOf(Limit limit)
    {
        long period = limit.Period.Ticks;
        if (!limit.IsSpread)
            return [new SlidingWindow(limit.Permits, period)];

        long length = period + (period / MarginDivisor);
        long interval = (length + limit.Permits - 1) / limit.Permits;
        return [new EvenSpacing(interval), new SlidingWindow(limit.Permits, length)];
    }
}
