using IssuerEnrichment.Runs;

namespace IssuerEnrichment;

/// <summary>The ways in: a document, a list of your own objects, a stream, and all of them for code that is not async.</summary>
public static class IssuerEnricherExtensions
{
    /// <summary>Prepares a run over ids that are there already.</summary>
    /// <inheritdoc cref="IIssuerEnricher.Stream" />
    public static IEnrichmentRun Stream(this IIssuerEnricher enricher, IEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(issuerIds);
        return enricher.Stream(new ListSequence(issuerIds), options);
    }

    /// <summary>Says what a run over ids that are there already would take, without asking the service.</summary>
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

    /// <summary>Enriches the issuers of a document; their types follow from its market sectors.</summary>
    /// <param name="enricher">The enricher.</param>
    /// <param name="document">The document. It stays as it is; the result holds the enriched one.</param>
    /// <param name="options">What is special about this run. The document's market sectors take the place of the options'.</param>
    /// <param name="cancellationToken">Abandons the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; everything in flight has ended.</exception>
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
    /// <param name="issuerId">Gives the id of an object; called when the object is read.</param>
    /// <param name="apply">
    /// Writes what was found to its object; called for enriched ones only, and never by two threads at a time. In async code that is not
    /// necessarily the thread that called.
    /// </param>
    /// <param name="options">What is special about this run.</param>
    /// <param name="cancellationToken">Abandons the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; everything in flight has ended.</exception>
    public static async Task<EnrichmentResult> EnrichAsync<T>(
        this IIssuerEnricher enricher,
        IEnumerable<T> items,
        Func<T, string?> issuerId,
        Action<T, EnrichmentOutcome> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ItemRun<T> run = new(enricher, items, issuerId, apply, options);
        await foreach (EnrichmentOutcome outcome in run.Outcomes.WithCancellation(cancellationToken).ConfigureAwait(false))
            run.Apply(outcome);
        return run.ToResult();
    }

    /// <summary>Enriches your own objects, blocking the calling thread, on which alone <paramref name="apply"/> runs.</summary>
    /// <remarks>Safe under any <see cref="SynchronizationContext"/>: the library never returns to one.</remarks>
    /// <inheritdoc cref="EnrichAsync{T}" />
    public static EnrichmentResult Enrich<T>(
        this IIssuerEnricher enricher,
        IEnumerable<T> items,
        Func<T, string?> issuerId,
        Action<T, EnrichmentOutcome> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ItemRun<T> run = new(enricher, items, issuerId, apply, options);
        foreach (EnrichmentOutcome outcome in run.Outcomes.ToBlocking(cancellationToken))
            run.Apply(outcome);
        return run.ToResult();
    }

    /// <summary>Enriches the issuers of a document, blocking the calling thread.</summary>
    /// <inheritdoc cref="EnrichAsync(IIssuerEnricher, IssuerDocument, EnrichmentRunOptions?, CancellationToken)" />
    public static DocumentEnrichmentResult Enrich(
        this IIssuerEnricher enricher, IssuerDocument document, EnrichmentRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        DocumentDraft draft = new(document, options);
        return draft.ToResult(enricher.Enrich(draft.Places, draft.IdAt, draft.Apply, draft.Options, cancellationToken));
    }
}
