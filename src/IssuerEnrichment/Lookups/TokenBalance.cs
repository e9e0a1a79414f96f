namespace IssuerEnrichment.Lookups;

/// <summary>The balance of a budget, with an upper bound. Thread-safe.</summary>
internal sealed class TokenBalance(double initial, double most)
{
    private readonly Lock _lock = new();
    private double _tokens = initial;

    public void Add(double tokens)
    {
        // Avoid writing when the balance is full, which is usual and happens for every lookup.
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
