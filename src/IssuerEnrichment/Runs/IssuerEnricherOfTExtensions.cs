using IssuerEnrichment.Runs;

namespace IssuerEnrichment;

/// <summary>Loads an attribute for lists of your own objects and synchronous sequences, from asynchronous and synchronous code.</summary>
public static class IssuerEnricherOfTExtensions
{
    /// <summary>Creates a run over a synchronous sequence of ids.</summary>
    /// <inheritdoc cref="IIssuerEnricher.Stream" />
    public static IEnrichmentRun<T> Stream<T>(this IIssuerEnricher<T> enricher, IEnumerable<string?> issuerIds, EnrichmentRunOptions? options = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(issuerIds);
        return enricher.Stream(new ListSequence(issuerIds), options);
    }

    /// <summary>Estimates what a run over a synchronous sequence of ids would take, without sending anything to the service.</summary>
    /// <inheritdoc cref="IIssuerEnricher.PlanAsync" />
    public static Task<EnrichmentPlan> PlanAsync<T>(
        this IIssuerEnricher<T> enricher,
        IEnumerable<string?> issuerIds,
        EnrichmentRunOptions? options = null,
        TimeSpan? typicalLatency = null,
        CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ArgumentNullException.ThrowIfNull(issuerIds);
        return enricher.PlanAsync(new ListSequence(issuerIds), options, typicalLatency, cancellationToken);
    }

    /// <summary>Loads the attribute for your own objects.</summary>
    /// <typeparam name="TItem">The type of the objects.</typeparam>
    /// <typeparam name="T">The attribute.</typeparam>
    /// <param name="enricher">The enricher.</param>
    /// <param name="items">The objects.</param>
    /// <param name="issuerId">Returns the id of an object. Called when the object is read.</param>
    /// <param name="apply">
    /// Copies the value to its object. Called for enriched objects only, and never concurrently. In asynchronous code it may run on a thread other
    /// than the caller's.
    /// </param>
    /// <param name="options">Options for this run; null means the defaults.</param>
    /// <param name="cancellationToken">Abandons the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled. Everything in flight has ended.</exception>
    public static async Task<EnrichmentResult<T>> EnrichAsync<TItem, T>(
        this IIssuerEnricher<T> enricher,
        IEnumerable<TItem> items,
        Func<TItem, string?> issuerId,
        Action<TItem, T> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ItemRun<TItem, EnrichmentOutcome<T>> list = ListOf(items, issuerId, apply);
        IEnrichmentRun<T> run = enricher.Stream(list.IssuerIds, options);
        await foreach (EnrichmentOutcome<T> outcome in run.WithCancellation(cancellationToken).ConfigureAwait(false))
            list.Apply(outcome);
        return new EnrichmentResult<T>(list.Outcomes, run.Report);
    }

    /// <summary>
    /// Loads the attribute for your own objects, and blocks the calling thread. <paramref name="apply"/> runs on the calling thread only.
    /// </summary>
    /// <remarks>Safe under any <see cref="SynchronizationContext"/>, because the library never resumes on one.</remarks>
    /// <inheritdoc cref="EnrichAsync{TItem, T}" />
    public static EnrichmentResult<T> Enrich<TItem, T>(
        this IIssuerEnricher<T> enricher,
        IEnumerable<TItem> items,
        Func<TItem, string?> issuerId,
        Action<TItem, T> apply,
        EnrichmentRunOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(enricher);
        ItemRun<TItem, EnrichmentOutcome<T>> list = ListOf(items, issuerId, apply);
        IEnrichmentRun<T> run = enricher.Stream(list.IssuerIds, options);
        foreach (EnrichmentOutcome<T> outcome in run.ToBlocking(cancellationToken))
            list.Apply(outcome);
        return new EnrichmentResult<T>(list.Outcomes, run.Report);
    }

    private static ItemRun<TItem, EnrichmentOutcome<T>> ListOf<TItem, T>(
        IEnumerable<TItem> items, Func<TItem, string?> issuerId, Action<TItem, T> apply)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(apply);
        return new ItemRun<TItem, EnrichmentOutcome<T>>(items, issuerId, (item, outcome) => apply(item, outcome.Value!));
    }
}
