namespace IssuerEnrichment;

/// <summary>Options for timeouts. Time spent waiting for the rate limit or at the gate does not count.</summary>
public sealed class TimeoutOptions
{
    /// <summary>
    /// The timeout of one request, including its body; also of the time that a client spends between two of its requests. 10 ms to 1 day.
    /// </summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan Attempt { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a lookup's first attempt is cut short if it is stuck: it has taken eight times the 95th percentile of the latency of good answers, and
    /// at least 1 s, and a request sent later was answered. This does not count as a failure, and later attempts get the whole timeout. Has no effect
    /// if hedging is enabled.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Adaptive { get; set; } = true;

    /// <summary>The timeout of all attempts of one lookup together. Only their time on the wire counts.</summary>
    /// <value>Default: 60 s.</value>
    public TimeSpan Lookup { get; set; } = TimeSpan.FromSeconds(60);
}
