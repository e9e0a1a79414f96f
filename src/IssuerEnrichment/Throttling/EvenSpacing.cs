namespace IssuerEnrichment.Throttling;

/// <summary>
/// One permit every interval: the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371). Each permit owns a
/// place on an absolute schedule, so a late wake-up makes the next permits due at once instead of moving them all.
/// </summary>
internal sealed class EvenSpacing(long interval) : IPermitSchedule
{
    // How far the schedule may lag behind the clock: one tick of a coarse system timer. At 200/s that is three requests back
    // to back, below 66/s never more than one.
    private const long CoarseTick = 15 * TimeSpan.TicksPerMillisecond;

    // A longer interval would be noticed to be short: a service that takes one at a time refuses what is early by a millisecond.
    private readonly long _catchUp = interval < CoarseTick ? CoarseTick : 0;

    private long _next;

    public (long Permits, long Length) Round => (1, interval);

    public long AllFreeAt => _next;

    public long Earliest(long permits, long since) => Math.Max(_next, since - _catchUp) + Periods.Times(permits - 1, interval);

    public void Take(int permits, long since, long now) =>
        _next = Math.Max(Earliest(permits, since), now - _catchUp) + interval;
}
