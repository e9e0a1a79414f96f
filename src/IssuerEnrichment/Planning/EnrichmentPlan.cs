namespace IssuerEnrichment;

/// <summary>What a run would do, counted and timed before it begins, without asking the service.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record EnrichmentPlan
{
    /// <summary>Inputs read.</summary>
    public required long Inputs { get; init; }

    /// <summary>Inputs whose id is refused before any request.</summary>
    public required long Invalid { get; init; }

    /// <summary>
    /// Inputs that share another one's answer. As in the run, an id that is repeated at a distance of more than <see cref="BoundsOptions.HeldVerdicts"/> other
    /// ids is asked for again, and does not count.
    /// </summary>
    public required long Duplicates { get; init; }

    /// <summary>Issuers whose verdict is in the journal.</summary>
    public required long Known { get; init; }

    /// <summary>Issuers to ask for: what remains of the inputs.</summary>
    public long Issuers => Inputs - Invalid - Duplicates - Known;

    /// <summary>The requests that they take with the options as they are.</summary>
    public required PlannedRequests Requests { get; init; }

    /// <summary>What they would take with other options, as far as the client knows any.</summary>
    public required IReadOnlyList<PlannedRequests> Alternatives { get; init; }

    /// <summary>Issuers that there is no time for before the deadline, at the expected time; 0 without a deadline, or where that time is not known.</summary>
    public required long BeyondDeadline { get; init; }

    /// <summary>What limits the run, if the service is well: <see cref="RunLimit.Rate"/>, <see cref="RunLimit.Concurrency"/> or <see cref="RunLimit.Service"/>.</summary>
    public required RunLimit LimitedBy { get; init; }

    /// <summary>One sentence: what limits the run, and which option would help; another where the deadline comes too early.</summary>
    public required string Advice { get; init; }
}
