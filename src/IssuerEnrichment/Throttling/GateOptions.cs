namespace IssuerEnrichment;

/// <summary>Options for the gate, which pauses all requests while the service throttles or is down, and then resumes them gradually.</summary>
/// <remarks>
/// The gate closes when the service throttles (429; 403 or 503 with <c>Retry-After</c>; 503 that correlates with load). It also closes when different
/// issuers fail in a row, which is treated as an outage. Lookups wait meanwhile, and attempts do not count. The gate opens with one probe, and then
/// increases the rate.
/// </remarks>
public sealed class GateOptions
{
    /// <summary>
    /// The minimum time that the gate stays closed after a throttled request. It doubles with each further one in a row, up to
    /// <see cref="MaxProbeDelay"/>. Once the gate has learned a rate, the time starts at twice the service's latency, if that is shorter. A wait that
    /// the service asks for can make it longer, never shorter.
    /// </summary>
    /// <value>Default: 250 ms.</value>
    public TimeSpan RefusalDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum wait that a service can ask for, with <c>Retry-After</c> or a quota. Longer waits are capped.</summary>
    /// <value>Default: 1 hour.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many different issuers must fail in a row, without a good answer in between, to count as an outage; 2 to 1,000.</summary>
    /// <value>Default: 5.</value>
    public int FailuresInARow { get; set; } = 5;

    /// <summary>The delay before the first probe of a service that is down. It increases by a quarter after each failed probe.</summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan ProbeDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay between two probes.</summary>
    /// <value>
    /// Default: 2 s. Several bad issuers in a row look like an outage until another issuer is answered, so the delay must be short.
    /// </value>
    public TimeSpan MaxProbeDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long to wait for a service that is down. After that, the remaining inputs end as <see cref="EnrichmentStatus.NotAttempted"/>.
    /// </summary>
    /// <value>Default: 2 min. Waits that the service asked for do not count. If the service was never reached, the wait is 10 s at most.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(2);
}
