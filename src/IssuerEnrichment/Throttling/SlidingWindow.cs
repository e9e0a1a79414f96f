namespace IssuerEnrichment.Throttling;

/// <summary>Limits the permits in any window of one length, exactly. A ring buffer has the times when the permits are free again.</summary>
internal sealed class SlidingWindow(int permits, long length) : IPermitSchedule
{
    // In the order of the ring, starting at _oldest. A permit that was never taken is free since time zero.
    private readonly long[] _freeAt = new long[permits];
    private int _oldest;

    public (long Permits, long Length) Round => (permits, length);

    public long AllFreeAt => _freeAt[(_oldest + _freeAt.Length - 1) % _freeAt.Length];

    public long Earliest(long permits, long since)
    {
        (long rounds, long place) = Math.DivRem(permits - 1, _freeAt.Length);
        return Math.Max(_freeAt[(_oldest + place) % _freeAt.Length], since) + Periods.Times(rounds, length);
    }

    public void Take(int permits, long since, long now)
    {
        for (int taken = 0; taken < permits; taken++)
        {
            _freeAt[_oldest] = now + length;
            _oldest = (_oldest + 1) % _freeAt.Length;
        }
    }
}
