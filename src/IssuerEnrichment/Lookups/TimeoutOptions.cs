namespace IssuerEnrichment;

/// <summary>How long things may take. Waiting for the rate limit or at the gate counts against neither.</summary>
public sealed class TimeoutOptions
{
    /// <summary>One request, body included, and what a client does between two of its requests; 10 ms to 1 day.</summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan Attempt { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a lookup's first attempt is cut short once it has taken eight times as long as 95 % of the service's good answers do, and at least
    /// 1 s, if a request sent later was answered meanwhile. That counts as no failure, and later attempts get their whole time. Where requests are
    /// hedged none is cut short.
    /// </summary>
    /// <value>Default: true.</value>
    public bool Adaptive { get; set; } = true;

    /// <summary>All attempts of one lookup together, counting only their time on the wire.</summary>
    /// <value>Default: 60 s.</value>
    public TimeSpan Lookup { get; set; } = TimeSpan.FromSeconds(60);
}
