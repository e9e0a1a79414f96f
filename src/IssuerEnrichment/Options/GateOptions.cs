namespace IssuerEnrichment;

/// <summary>When the service is left alone, by all lookups at once, and how it is approached again.</summary>
/// <remarks>
/// A refusal (429, or 503 with <c>Retry-After</c>) closes the gate, and so does a row of failures across issuers, which is an outage. Lookups
/// wait at the gate; that spends no attempt. It opens with one probe, then lets more and more through.
/// </remarks>
public sealed class GateOptions
{
    /// <summary>How long the gate stays closed after a refusal that does not say how long; twice as long after each further one in a row.</summary>
    /// <value>Default: 250 ms.</value>
    public TimeSpan RefusalDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest <c>Retry-After</c>, or wait for a quota, that is believed.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Different issuers that fail one after the other, with no good answer between them, before it counts as an outage; 2 to 1,000.</summary>
    /// <value>Default: 5.</value>
    public int FailuresInARow { get; set; } = 5;

    /// <summary>How long a service that is down is left alone before it is probed; a quarter as long again after each probe that fails.</summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan ProbeDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest time between two probes.</summary>
    /// <value>Default: 2 s. A row of bad issuers looks like an outage until another one is answered, so this must not take long.</value>
    public TimeSpan MaxProbeDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an outage is waited out; after that, what is left ends as <see cref="EnrichmentStatus.NotAttempted"/> at once.</summary>
    /// <value>Default: 2 min. Time that the service itself asked for does not count.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
