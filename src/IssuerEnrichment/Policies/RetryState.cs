namespace IssuerEnrichment.Policies;

/// <summary>What the retry remembers of one lookup between its attempts.</summary>
internal sealed class RetryState
{
    private long? _waitingSince;
    private TimeSpan _pacedBefore;
    private bool _isParked;

    /// <summary>How long to wait before the next attempt, decided together with whether there is one.</summary>
    public TimeSpan NextDelay { get; set; }

    /// <summary>Attempts that failed, but for those that the circuit breaker refused.</summary>
    public int Failures { get; set; }

    /// <summary>The error that ends the lookup, where it is not the last attempt's.</summary>
    public EnrichmentError? Verdict { get; set; }

    /// <summary>The lookup waits from now on: for its own backoff, or parked because the service is down.</summary>
    public void BeginWait(IssuerLookup lookup, bool isParked)
    {
        EndWait(lookup);
        _waitingSince = lookup.Lifetime.Now;
        _pacedBefore = lookup.Outcome.Paced;
        _isParked = isParked;
    }

    /// <summary>Writes the wait, if there is one, to the lookup's account; what was paced meanwhile has an account of its own.</summary>
    public void EndWait(IssuerLookup lookup)
    {
        if (_waitingSince is not { } since)
            return;
        _waitingSince = null;
        TimeSpan waited = lookup.Lifetime.ElapsedSince(since) - (lookup.Outcome.Paced - _pacedBefore);
        lookup.Outcome.AddWait(_isParked ? new LookupTime { Gate = waited } : new LookupTime { Backoff = waited });
    }
}
