namespace IssuerEnrichment.Testing.Faults;

/// <summary>
/// A sliding log: the times of the requests granted within the last period, which limits any time span of that length exactly. Thread-safe.
/// </summary>
internal sealed class SlidingWindow(int permits, TimeSpan period) : IRateLimiter
{
    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _granted = new();

    public RateLimitLease Take(TimeSpan now)
    {
        lock (_lock)
        {
            // Requests may get here in another order than they arrived. A request that has left the window is not added again.
            while (_granted.TryPeek(out TimeSpan oldest) && oldest + period <= now)
                _granted.Dequeue();

            bool granted = _granted.Count < permits;
            if (granted)
                _granted.Enqueue(now);

            return new(granted, permits - _granted.Count, _granted.Peek() + period - now);
        }
    }
}
