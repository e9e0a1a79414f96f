namespace IssuerEnrichment.Throttling;

/// <summary>
/// One permit in every interval: the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371). Each permit has a fixed time in an
/// absolute schedule, so after a late wake-up the next permits are due at once, and the schedule does not shift.
/// </summary>
internal sealed class EvenSpacing(long interval) : IPermitSchedule
{
    // How far the schedule may lag behind the clock: one tick of a coarse system timer. At 200/s that is three requests back to back; below 66/s
    // never more than one.
    private const long CoarseTick = 15 * TimeSpan.TicksPerMillisecond;

    // Longer intervals are not caught up: a service that accepts one request per interval would throttle one that is a millisecond early.
    private readonly long _catchUp = interval < CoarseTick ? CoarseTick : 0;

    private long _next;

    public (long Permits, long Length) Round => (1, interval);

    public long AllFreeAt => _next;

    public long Earliest(long permits, long since) => Math.Max(_next, since - _catchUp) + Periods.Times(permits - 1, interval);

    public void Take(int permits, long since, long now) =>
        _next = Math.Max(Earliest(permits, since), now - _catchUp) + interval;
}
