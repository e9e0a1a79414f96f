namespace IssuerEnrichment;

/// <summary>When the service is left alone, by all lookups at once, and how it is approached again.</summary>
/// <remarks>
/// An answer that throttles (429; 403 or 503 with <c>Retry-After</c>; 503 that comes with load) closes the gate, and so do failures of different
/// issuers in a row, which are taken for an outage. Lookups wait, and spend no attempt. The gate opens with one probe, then lets more and more through.
/// </remarks>
public sealed class GateOptions
{
    /// <summary>
    /// How long the gate stays closed at least after an answer that throttles; twice as long after each further one in a row, up to
    /// <see cref="MaxProbeDelay"/>. Once the gate keeps to a rate it begins with twice what an answer takes, if that is less. What the service asks for
    /// makes it longer, never shorter.
    /// </summary>
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
    /// <value>Default: 2 min. Time that the service itself asked for does not count. A service that was never reached is waited for 10 s at most.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
