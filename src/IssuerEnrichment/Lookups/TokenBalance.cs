namespace IssuerEnrichment.Lookups;

/// <summary>What a budget has left: bounded above. Thread-safe.</summary>
internal sealed class TokenBalance(double initial, double most)
{
    private readonly Lock _lock = new();
    private double _tokens = initial;

    public void Add(double tokens)
    {
        // Most of the time it is full, and every lookup comes by.
        if (Volatile.Read(ref _tokens) >= most)
            return;
        lock (_lock)
            _tokens = Math.Min(most, _tokens + tokens);
    }

    public bool TryTake(double tokens = 1)
    {
        lock (_lock)
        {
            if (_tokens < tokens)
                return false;
            _tokens -= tokens;
            return true;
        }
    }
}
