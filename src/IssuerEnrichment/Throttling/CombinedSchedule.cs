namespace IssuerEnrichment.Throttling;

/// <summary>All limits of a <see cref="RateLimit"/> at once. Zero permits ask for one, and take none.</summary>
internal sealed class CombinedSchedule(RateLimit rateLimit)
{
    // One percent, of periods that are whole milliseconds: exact.
    private const int MarginDivisor = 100;

    private readonly IPermitSchedule[] _schedules = [.. rateLimit.Limits.SelectMany(SchedulesOf)];

    /// <summary>Gets the most permits that can ever be taken together.</summary>
    public int MaxPermits { get; } = rateLimit.Limits.Min(limit => limit.Permits);

    /// <summary>Gets how many times permits, or none, were taken.</summary>
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

    /// <summary>The least time from the start of one permit to that of the last of so many, whatever was taken before.</summary>
    /// <remarks>
    /// Whole rounds of the limit that is slowest in the long run, then those of the next for what is left: exact for one quota, and for those of which
    /// each has a slower one around it. Otherwise it may be a little less.
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

    /// <summary>Takes permits asked for at <paramref name="since"/> if they may start at <paramref name="now"/>.</summary>
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

    /// <summary>The most permits that can be taken together now.</summary>
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
