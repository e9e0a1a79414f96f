namespace IssuerEnrichment.Testing.Faults;

/// <summary>
/// A token bucket, implemented as the generic cell rate algorithm (ITU-T I.371). It stores the time when the bucket will be full instead of a number
/// of tokens, which floating-point refills would make inexact. Thread-safe.
/// </summary>
internal sealed class TokenBucket(TimeSpan interval, int burst) : IRateLimiter
{
    private readonly Lock _lock = new();
    private TimeSpan _fullAt;

    public RateLimitLease Take(TimeSpan now)
    {
        lock (_lock)
        {
            TimeSpan missing = _fullAt > now ? _fullAt - now : TimeSpan.Zero;
            TimeSpan wait = missing - (interval * (burst - 1));
            if (wait > TimeSpan.Zero)
                return new(Granted: false, Remaining: 0, wait);

            missing += interval;
            _fullAt = now + missing;
            return new(Granted: true, burst - (int)Math.Ceiling(missing / interval), missing);
        }
    }
}
