namespace IssuerEnrichment.Testing.Faults;

/// <summary>A counter that starts anew with each period since the service started. Thread-safe.</summary>
internal sealed class FixedWindow(int permits, TimeSpan period) : IRateLimiter
{
    private readonly Lock _lock = new();
    private long _window;
    private int _used;

    public RateLimitLease Take(TimeSpan now)
    {
        lock (_lock)
        {
            // Requests may come here in another order than they arrived; a window that has ended does not come back.
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
