namespace IssuerEnrichment.Policies;

/// <summary>What the retry remembers of one lookup between its attempts.</summary>
internal sealed class RetryState
{
    private long? _waitingSince;
    private long _answersAtRefusal = -1;
    private int _refusals;
    private TimeSpan _accountedBefore;

    /// <summary>Attempts that failed: neither refused by the service, nor sent to probe it.</summary>
    public int Failures { get; set; }

    /// <summary>Attempts that probed the service in vain.</summary>
    public int VainProbes { get; set; }

    /// <summary>Those together with other issuers, any of which may have been in vain for another's fault.</summary>
    public int VainProbesInCompany { get; set; }

    /// <summary>How long to wait before the next attempt, decided together with whether there is one.</summary>
    public TimeSpan NextDelay { get; set; }

    /// <summary>What the next attempt costs the budget, in requests; nothing where it is the same attempt made again, rather than a retry.</summary>
    public double Cost { get; set; }

    /// <summary>The error that ends the lookup, where it is not the last attempt's.</summary>
    public EnrichmentError? Verdict { get; set; }

    /// <summary>
    /// Counts a refusal, given the good answers of the service so far. One that follows another without an answer in between concerns everybody, and
    /// does not count.
    /// </summary>
    public int CountRefusal(long answers)
    {
        if (answers == _answersAtRefusal)
            return _refusals;
        _answersAtRefusal = answers;
        return ++_refusals;
    }

    /// <summary>The lookup backs off from now on.</summary>
    public void BeginWait(IssuerLookup lookup)
    {
        _waitingSince = lookup.Lifetime.Now;
        _accountedBefore = lookup.Outcome.Held;
    }

    /// <summary>Writes the wait, if there is one, to the lookup's account; time held at the gate or paced meanwhile has accounts of its own.</summary>
    public void EndWait(IssuerLookup lookup)
    {
        if (_waitingSince is not { } since)
            return;
        _waitingSince = null;
        lookup.Outcome.AddBackoff(lookup.Lifetime.ElapsedSince(since) - (lookup.Outcome.Held - _accountedBefore));
    }
}
