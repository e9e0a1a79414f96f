namespace IssuerEnrichment;

/// <summary>An estimate of a run: its requests and its duration. Making it sends nothing to the service.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record EnrichmentPlan
{
    /// <summary>The number of inputs read.</summary>
    public required long Inputs { get; init; }

    /// <summary>The number of inputs with an invalid id, which need no request.</summary>
    public required long Invalid { get; init; }

    /// <summary>
    /// The number of inputs that share the outcome of an earlier input. As in the run, an id that repeats after more than
    /// <see cref="BoundsOptions.HeldVerdicts"/> other ids is looked up again, and is not counted here.
    /// </summary>
    public required long Duplicates { get; init; }

    /// <summary>The number of issuers whose outcome is in the journal.</summary>
    public required long Known { get; init; }

    /// <summary>The number of issuers to look up: all other inputs.</summary>
    public long Issuers => Inputs - Invalid - Duplicates - Known;

    /// <summary>The requests with the current options.</summary>
    public required PlannedRequests Requests { get; init; }

    /// <summary>The requests with other options, if the client knows any.</summary>
    public required IReadOnlyList<PlannedRequests> Alternatives { get; init; }

    /// <summary>
    /// The number of issuers that are expected to miss the deadline; 0 if there is no deadline or the duration is unknown.
    /// </summary>
    public required long BeyondDeadline { get; init; }

    /// <summary>
    /// What limits the run if the service is healthy: <see cref="RunLimit.Rate"/>, <see cref="RunLimit.Concurrency"/> or
    /// <see cref="RunLimit.Service"/>.
    /// </summary>
    public required RunLimit LimitedBy { get; init; }

    /// <summary>One sentence that says what limits the run and which option would help, or that the deadline is too early.</summary>
    public required string Advice { get; init; }
}
