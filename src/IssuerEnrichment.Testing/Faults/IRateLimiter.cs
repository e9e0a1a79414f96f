namespace IssuerEnrichment.Testing.Faults;

/// <summary>Counts the requests of one run of the service. Thread-safe.</summary>
internal interface IRateLimiter
{
    /// <summary>Takes a permit if there is one.</summary>
    /// <param name="now">When the request arrived, as the time since the service started.</param>
    RateLimitLease Take(TimeSpan now);
}
