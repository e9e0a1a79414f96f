using System.Globalization;

namespace IssuerEnrichment;

/// <summary>The totals of a run: outcomes, requests, time by activity, and what limited it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record EnrichmentReport
{
    /// <summary>The number of inputs read.</summary>
    public required long Inputs { get; init; }

    /// <summary>The number of inputs that ended as <see cref="EnrichmentStatus.Enriched"/>.</summary>
    public required long Enriched { get; init; }

    /// <summary>The number of inputs that ended as <see cref="EnrichmentStatus.NotFound"/>.</summary>
    public required long NotFound { get; init; }

    /// <summary>The number of inputs that ended as <see cref="EnrichmentStatus.Invalid"/>.</summary>
    public required long Invalid { get; init; }

    /// <summary>The number of inputs that ended as <see cref="EnrichmentStatus.Failed"/>.</summary>
    public required long Failed { get; init; }

    /// <summary>The number of inputs that ended as <see cref="EnrichmentStatus.NotAttempted"/>.</summary>
    public required long NotAttempted { get; init; }

    /// <summary>
    /// The number of issuers that the service was queried for. Duplicates, invalid ids, outcomes from the journal and inputs that were never
    /// attempted are not included.
    /// </summary>
    public required long Lookups { get; init; }

    /// <summary>The number of requests sent, including retries and hedged requests.</summary>
    public required long Requests { get; init; }

    /// <summary>
    /// The number of attempts after the first of each lookup. A batch request is an attempt of each of its issuers, so there can be more retries than
    /// requests.
    /// </summary>
    public required long Retries { get; init; }

    /// <summary>
    /// Statistics by attempt: the first item is for first attempts, the second for second attempts, up to the tenth. The tenth includes all later
    /// ones.
    /// </summary>
    public required IReadOnlyList<AttemptReturn> AttemptReturns { get; init; }

    /// <summary>The duration of the run, from reading the first input to delivering the last outcome.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>An estimate of the duration if the lookups had run one after another: their time on the wire and between attempts.</summary>
    public required TimeSpan SequentialEstimate { get; init; }

    /// <summary>The time of all lookups, by activity.</summary>
    public required LookupTime Time { get; init; }

    /// <summary>What limited the speed of the run.</summary>
    public required RunLimit LimitedBy { get; init; }

    /// <summary>One sentence that says what limited the run and which option would help.</summary>
    public required string Advice { get; init; }

    /// <summary>Market sectors that the classifier has no rule for. Their issuers got the fallback type.</summary>
    public required IReadOnlyList<string> UnknownMarketSectors { get; init; }

    /// <summary>Whether every input has an outcome. True for every run that was enumerated to its end.</summary>
    public bool IsBalanced => Inputs == Enriched + NotFound + Invalid + Failed + NotAttempted;

    // A few unknown issuers may be a coincidence.
    internal bool NoneIsKnown => NotFound >= 10 && Enriched + Failed + NotAttempted == 0;

    /// <summary>Returns the totals and the advice on one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Inputs} inputs: {Enriched} enriched, {NotFound} not found, {Invalid} invalid, {Failed} failed, {NotAttempted} not attempted; {Requests} requests in {Elapsed.TotalSeconds:0.###} s, limited by {LimitedBy}: {Advice}");
}
