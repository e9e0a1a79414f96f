namespace IssuerEnrichment.Testing.Faults;

/// <summary>A counter that is reset at the start of each period, counted from the start of the service. Thread-safe.</summary>
internal sealed class FixedWindow(int permits, TimeSpan period) : IRateLimiter
{
    private readonly Lock _lock = new();
    private long _window;
    private int _used;

    public RateLimitLease Take(TimeSpan now)
    {
        lock (_lock)
        {
            // Requests may get here in another order than they arrived. A window that has ended is not reopened.
            long window = Math.Max(_window, now.Ticks / period.Ticks);
            if (window > _window)
                (_window, _used) = (window, 0);

            bool granted = _used < permits;
            if (granted)
                _used++;

            return new(granted, permits - _used, (period * (window + 1)) - now);
        }
    }
}
