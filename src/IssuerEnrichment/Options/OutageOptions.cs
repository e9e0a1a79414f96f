namespace IssuerEnrichment;

/// <summary>What counts as an outage of the service, and how long it is waited out.</summary>
/// <remarks>
/// While the circuit is open, lookups park: nothing is sent, no attempt is spent. After each break one request probes the service.
/// </remarks>
public sealed class OutageOptions
{
    /// <summary>The share of failed attempts that opens the circuit, above 0 and up to 1.</summary>
    /// <value>Default: 0.5.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Attempts within the sampling duration before the share means anything, at least 2.</summary>
    /// <value>Default: 20.</value>
    public int MinimumAttempts { get; set; } = 20;

    /// <summary>The time over which the share is taken, at least 500 ms.</summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing is sent before the service is probed, at least 500 ms.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an outage is waited out; after that, what is left ends as <see cref="EnrichmentStatus.NotAttempted"/> at once.</summary>
    /// <value>Default: 2 min.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
