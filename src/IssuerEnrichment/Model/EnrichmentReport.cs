using System.Globalization;

namespace IssuerEnrichment;

/// <summary>What a run did, counted: the outcomes, the requests, where the time went and what limited it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record EnrichmentReport
{
    /// <summary>Inputs read.</summary>
    public required long Inputs { get; init; }

    /// <summary>Inputs that ended as <see cref="EnrichmentStatus.Enriched"/>.</summary>
    public required long Enriched { get; init; }

    /// <summary>Inputs that ended as <see cref="EnrichmentStatus.NotFound"/>.</summary>
    public required long NotFound { get; init; }

    /// <summary>Inputs that ended as <see cref="EnrichmentStatus.Invalid"/>.</summary>
    public required long Invalid { get; init; }

    /// <summary>Inputs that ended as <see cref="EnrichmentStatus.Failed"/>.</summary>
    public required long Failed { get; init; }

    /// <summary>Inputs that ended as <see cref="EnrichmentStatus.NotAttempted"/>.</summary>
    public required long NotAttempted { get; init; }

    /// <summary>Issuers the service was asked for: duplicates, invalid ids, what the journal knew and what was never attempted do not count.</summary>
    public required long Lookups { get; init; }

    /// <summary>Requests sent, retries included.</summary>
    public required long Requests { get; init; }

    /// <summary>
    /// Attempts beyond the first of each lookup. A request for many issuers is an attempt of each of them, so there may be more retries than requests.
    /// </summary>
    public required long Retries { get; init; }

    /// <summary>What each further attempt bought: a row for the first attempts, one for the second, up to the tenth; the last row has the rest too.</summary>
    public required IReadOnlyList<AttemptReturn> AttemptReturns { get; init; }

    /// <summary>The run alone, from the first input read to the last outcome handed out.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the same lookups would have taken one after the other: their time on the wire and between attempts.</summary>
    public required TimeSpan SequentialEstimate { get; init; }

    /// <summary>Where the lookups' time went, all added up.</summary>
    public required LookupTime Time { get; init; }

    /// <summary>What limited the run.</summary>
    public required RunLimit LimitedBy { get; init; }

    /// <summary>One sentence: what limited the run, and which option would help.</summary>
    public required string Advice { get; init; }

    /// <summary>Market sectors that no rule of the classifier knew; their issuers got the fallback type.</summary>
    public required IReadOnlyList<string> UnknownMarketSectors { get; init; }

    /// <summary>Whether every input has its outcome: true for every run that was enumerated to its end.</summary>
    public bool IsBalanced => Inputs == Enriched + NotFound + Invalid + Failed + NotAttempted;

    // By chance a few may all be unknown.
    internal bool NoneIsKnown => NotFound >= 10 && Enriched + Failed + NotAttempted == 0;

    /// <summary>What became of the inputs, and what it took, in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Inputs} inputs: {Enriched} enriched, {NotFound} not found, {Invalid} invalid, {Failed} failed, {NotAttempted} not attempted; {Requests} requests in {Elapsed.TotalSeconds:0.###} s, limited by {LimitedBy}");
}
