using IssuerEnrichment.Runs;

namespace IssuerEnrichment;

/// <summary>Enriches documents, lists of your own objects and streams, from asynchronous and synchronous code.</summary>
public static class IssuerEnricherExtensions
{
    /// <summary>Creates a run over a synchronous sequence of ids.</summary>
    /// <inheritdoc cref="IIssuerEnricher.Stream" />
    public static IEnrichmentRun Stream(this IIssuerEnricher enricher, IEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(issuerIds);
        return enricher.Stream(new ListSequence(issuerIds), options);
    }

    /// <summary>Estimates what a run over a synchronous sequence of ids would take, without sending anything to the service.</summary>
    /// <inheritdoc cref="IIssuerEnricher.PlanAsync" />
    public static Task<EnrichmentPlan> PlanAsync(
        this IIssuerEnricher enricher,
        IEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(issuerIds);
        return enricher.PlanAsync(new ListSequence(issuerIds), options, typicalLatency, cancellationToken);
    }

    /// <summary>Enriches the issuers of a document. Its market sectors determine their types.</summary>
    /// <param name="enricher">The enricher.</param>
    /// <param name="document">The document. It is not modified; the result has an enriched copy.</param>
    /// <param name="options">Options for this run; null means the defaults. The document's market sectors override those of the options.</param>
    /// <param name="cancellationToken">Abandons the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled. Everything in flight has ended.</exception>
    public static async Task<DocumentEnrichmentResult> EnrichAsync(
        this IIssuerEnricher enricher, IssuerDocument document, EnrichmentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        DocumentDraft draft = new(document, options);
        EnrichmentResult result = await enricher
            .EnrichAsync(draft.Places, draft.IdAt, draft.Apply, draft.Options, cancellationToken).ConfigureAwait(false);
        return draft.ToResult(result);
    }

    /// <summary>Enriches your own objects.</summary>
    /// <param name="enricher">The enricher.</param>
    /// <param name="items">The objects.</param>
    /// <param name="issuerId">Returns the id of an object. Called when the object is read.</param>
    /// <param name="apply">
    /// Copies the outcome to its object. Called for enriched objects only, and never concurrently. In asynchronous code it may run on a thread other
    /// than the caller's.
    /// </param>
    /// <param name="options">Options for this run; null means the defaults.</param>
    /// <param name="cancellationToken">Abandons the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled. Everything in flight has ended.</exception>
    public static async Task<EnrichmentResult> EnrichAsync<T>(
        this IIssuerEnricher enricher,
        IEnumerable<T> items,
        Func<T, string?> issuerId,
        Action<T, EnrichmentOutcome> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ItemRun<T, EnrichmentOutcome> list = new(items, issuerId, apply);
        IEnrichmentRun run = enricher.Stream(list.IssuerIds, options);
        await foreach (EnrichmentOutcome outcome in run.WithCancellation(cancellationToken).ConfigureAwait(false))
            list.Apply(outcome);
        return new EnrichmentResult(list.Outcomes, run.Report);
    }

    /// <summary>Enriches your own objects, and blocks the calling thread. <paramref name="apply"/> runs on the calling thread only.</summary>
    /// <remarks>Safe under any <see cref="SynchronizationContext"/>, because the library never resumes on one.</remarks>
    /// <inheritdoc cref="EnrichAsync{T}" />
    public static EnrichmentResult Enrich<T>(
        this IIssuerEnricher enricher,
        IEnumerable<T> items,
        Func<T, string?> issuerId,
        Action<T, EnrichmentOutcome> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ItemRun<T, EnrichmentOutcome> list = new(items, issuerId, apply);
        IEnrichmentRun run = enricher.Stream(list.IssuerIds, options);
        foreach (EnrichmentOutcome outcome in run.ToBlocking(cancellationToken))
            list.Apply(outcome);
        return new EnrichmentResult(list.Outcomes, run.Report);
    }

    /// <summary>Enriches the issuers of a document, and blocks the calling thread.</summary>
    /// <inheritdoc cref="EnrichAsync(IIssuerEnricher, IssuerDocument, EnrichmentRunOptions?, CancellationToken)" />
    public static DocumentEnrichmentResult Enrich(
        this IIssuerEnricher enricher, IssuerDocument document, EnrichmentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        DocumentDraft draft = new(document, options);
        return draft.ToResult(enricher.Enrich(draft.Places, draft.IdAt, draft.Apply, draft.Options, cancellationToken));
    }
}
