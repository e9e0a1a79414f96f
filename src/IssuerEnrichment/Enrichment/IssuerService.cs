using System.Diagnostics;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Batching;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Gate;
using IssuerEnrichment.Pacing;
using IssuerEnrichment.Policies;
using IssuerEnrichment.Telemetry;
using Polly;

namespace IssuerEnrichment.Enrichment;

/// <summary>The lookup: applies the service's policies around its client and turns whatever happens into an outcome. It never throws.</summary>
internal sealed class IssuerService(
    IssuerClientAdapter client, ServicePolicies policies, IIssuerTypeClassifier classifier, RunEnvironment environment, int maxIssuerIdLength)
    : IDisposable
{
    private readonly Attempts _attempts = new(client, Hedged(policies, client), environment.TimeProvider);
    private readonly ResiliencePipeline<IssuerAnswer> _pipeline = policies.BuildLookupPipeline(
        attemptIsRequest: !client.SendsRequests, environment.Cache is { } cache ? new CacheStrategy(cache, client, policies.Begin, environment.TimeProvider) : null);

    // While the service is well its policies have nothing to do for a lookup, and cost it more than all the rest. So the first attempt goes by them; only
    // when it fails do they come in, and take it for the first of theirs.
    private readonly bool _canGoBy = environment.Cache is null && policies.MayFirstAttemptGoBy(attemptIsRequest: !client.SendsRequests);
    private readonly BatchSender? _sender = client.BatchClient is { } batchClient ? new(batchClient, client.AsksAlone, policies, environment.TimeProvider) : null;

    public bool IsBatching => _sender is not null;

    public bool IsBlocking => client.IsBlocking;

    public string RequestShape => client.RequestShape;

    public string SuitableStrategy => client.IsBlocking ? EnrichmentStrategyName.ThreadPool : EnrichmentStrategyName.Async;

    /// <summary>Paces the requests, as far as is known.</summary>
    public PacingRateLimiter? Pace => policies.Pace;

    /// <summary>What an answer took so far, on average; null until that is known.</summary>
    public TimeSpan? TypicalLatency => policies.Latency.Mean;

    /// <summary>How many requests so many issuers take, with so many lookups in flight.</summary>
    public RequestEstimate EstimateRequests(long issuers, int maxLookups) =>
        client.EstimateRequests(issuers, IsBatching ? Math.Min(policies.Batches.MaxSize, maxLookups) : 1);

    /// <summary>Says why an id cannot be looked up; null where it can.</summary>
    public string? Refuse(string? issuerId) => IssuerIdRule.Refuse(issuerId, maxIssuerIdLength) ?? client.Refuse(issuerId!);

    /// <summary>Whether the service is down, as far as is known.</summary>
    public bool IsDown => policies.Gate.IsDown;

    /// <summary>Whether the service has answered for an issuer that it can be asked for again.</summary>
    public bool HasCanary => policies.Gate.Canary is not null;

    /// <summary>Calls an action, which must be quick, whenever the service answers after failures, or is given up.</summary>
    public IDisposable Watch(Action onChange) => policies.Gate.Watch(onChange);

    /// <summary>Looks an issuer up, until the lookup has settled or gives its place up.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="marketSectors">Tell the type of the issuer.</param>
    /// <param name="now">The time, as a timestamp.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask LookUpAsync(IssuerLookup lookup, IReadOnlyList<string> marketSectors, long now)
    {
        Activity? span = null;
        bool isOver = true;
        try
        {
            if (environment.Cache is null)
                policies.Begin(lookup);
            span = environment.Telemetry.StartLookup(lookup.Outcome.IssuerId!);
            isOver = false;
            if (_canGoBy && !lookup.Lifetime.IsEnding && policies.Gate.TryPass(out GatePass pass))
            {
                Attempt attempt = _attempts.Begin(lookup, now, lookup.Lifetime.Ending);
                if (!attempt.IsOver)
                    await _attempts.WaitAsync(attempt, lookup).ConfigureAwait(false);
                Outcome<IssuerAnswer> first = attempt.IsOver
                    ? _attempts.End(attempt, lookup)
                    : await _attempts.EndLateAsync(attempt, lookup).ConfigureAwait(false);
                if (first.Exception is { } failure)
                {
                    lookup.FirstFailure = new FirstFailure(failure, pass);
                }
                else
                {
                    isOver = true;
                    if (!client.SendsRequests)
                        policies.Gate.Report(pass, new Judgement(AnswerMeaning.Good), lookup);
                    Conclude(first, lookup, marketSectors);
                }
            }
        }
        catch (Exception e)
        {
            isOver = true;
            EndByFault(lookup.Outcome, e);
        }

        if (isOver)
        {
            await SettleAsync(lookup, span).ConfigureAwait(false);
            return;
        }

        LookupPlace place = lookup.Place = new LookupPlace(lookup, lookup.Parked);

        // The run waits for it to settle, and it never throws.
        _ = CompleteAsync(lookup, marketSectors, span);
        await place.Left.ConfigureAwait(false);
    }

    /// <summary>Takes an earlier run's verdict for this one's.</summary>
    public void Recall(JournalRecord record, EnrichmentOutcome outcome, IReadOnlyList<string> marketSectors)
    {
        try
        {
            if (record.Isins is { } isins)
                outcome.Enrich(isins, classifier.Classify(new(record.IssuerId, marketSectors) { Provenance = record.Provenance }), record.Provenance);
            else
                outcome.End(record.Status, record.Error!, record.Provenance);
        }
        catch (Exception e)
        {
            EndByFault(outcome, e);
        }

        outcome.MarkRecalled(record.Attempts);
    }

    /// <summary>A run begins. Gives what puts its lookups together into batches; null where the client is asked for one issuer at a time.</summary>
    public LookupBatcher? BeginRun(RunFlow run, int maxConcurrency, bool isConcurrencyFound)
    {
        policies.Gate.BeginRun(isConcurrencyFound ? maxConcurrency : null);
        return _sender is null ? null : new LookupBatcher(run, maxConcurrency, _sender, environment);
    }

    public void Dispose() => policies.Dispose();

    // Apart from the strategy, which gives it a place when it needs one.
    private async Task CompleteAsync(IssuerLookup lookup, IReadOnlyList<string> marketSectors, Activity? span)
    {
        Exception? unsettled = null;
        try
        {
            try
            {
                // Twice as long as a client gets, which ends in time and takes its policies along.
                ValueTask<Outcome<IssuerAnswer>> answer = PassPoliciesAsync(lookup);
                Conclude(
                    await Grace.AwaitAsync(answer, environment.TimeProvider, lookup.Lifetime.Ending, times: 2).ConfigureAwait(false), lookup, marketSectors);
            }
            catch (OperationCanceledException e) when (lookup.Lifetime.IsEnding)
            {
                lookup.Caller?.Abandon();
                GiveUp(e, lookup);
            }
            catch (Exception e)
            {
                EndByFault(lookup.Outcome, e);
            }

            await SettleAsync(lookup, span).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            unsettled = e;
        }

        lookup.Place!.Leave(unsettled);
    }

    private static ValueTask SettleAsync(IssuerLookup lookup, Activity? span)
    {
        EnrichmentTelemetry.Describe(span, lookup.Outcome);
        span?.Dispose();
        if (lookup.Journal is { } journal)
            return KeepAsync(lookup, journal);
        lookup.Settle();
        return default;
    }

    private static async ValueTask KeepAsync(IssuerLookup lookup, RunJournal journal)
    {
        await journal.KeepAsync(lookup.Outcome).ConfigureAwait(false);
        lookup.Settle();
    }

    private async ValueTask<Outcome<IssuerAnswer>> PassPoliciesAsync(IssuerLookup lookup)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(lookup.Lifetime.Ending);
        lookup.AttachTo(context);
        try
        {
            return await _pipeline
                .ExecuteOutcomeAsync(static (context, state) => state.Service.AttemptAsync(context, state.Lookup), context, (Service: this, Lookup: lookup))
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The wait for the retry budget throws when it is cancelled, as a strategy of the user's may.
            return Outcome.FromException<IssuerAnswer>(e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<IssuerAnswer>> AttemptAsync(ResilienceContext context, IssuerLookup lookup)
    {
        if (lookup.FirstFailure is { } first)
        {
            lookup.FirstFailure = null;
            return Outcome.FromException<IssuerAnswer>(first.Exception);
        }

        // A policy of the user's that heeds no cancellation may come here when the lookup has long ended.
        if (lookup.Outcome.IsSettled)
            return Outcome.FromException<IssuerAnswer>(new OperationCanceledException(context.CancellationToken));
        Attempt attempt = _attempts.Begin(lookup, lookup.Lifetime.Now, context.CancellationToken);
        if (!attempt.IsOver)
            await _attempts.WaitAsync(attempt, lookup).ConfigureAwait(false);
        return attempt.IsOver ? _attempts.End(attempt, lookup) : await _attempts.EndLateAsync(attempt, lookup).ConfigureAwait(false);
    }

    private void Conclude(Outcome<IssuerAnswer> answer, IssuerLookup lookup, IReadOnlyList<string> marketSectors)
    {
        if (answer.Exception is not null)
            GiveUp(answer.Exception, lookup);
        else if (lookup.Retry?.Verdict is { } verdict)
            lookup.Outcome.End(EnrichmentStatus.Failed, verdict);
        else
            Accept(answer.Result, lookup, marketSectors);
    }

    private void Accept(IssuerAnswer answer, IssuerLookup lookup, IReadOnlyList<string> marketSectors)
    {
        EnrichmentOutcome outcome = lookup.Outcome;
        if (!answer.IsMissing && !lookup.IsFromCache)
            policies.Gate.RememberAnswered(lookup.IssuerId);
        if (answer.Isins is { } isins)
            outcome.Enrich(isins, classifier.Classify(new(outcome.IssuerId!, marketSectors) { Provenance = answer.Provenance }), answer.Provenance);
        else if (answer.IsNotFound)
            outcome.End(EnrichmentStatus.NotFound, new(EnrichmentErrorKind.Rejected, "The service knows no such issuer."), answer.Provenance);
        else
            outcome.End(EnrichmentStatus.Failed, new EnrichmentError(EnrichmentErrorKind.Fault, "A policy of your own gave no answer."));
        if (lookup.IsFromCache)
            outcome.MarkCached();
    }

    private static ServicePolicies Hedged(ServicePolicies policies, IssuerClientAdapter client)
    {
        policies.IsHedged = !client.IsBlocking && client.BatchClient is null && policies.Hedge.IsAllowed(client.IsIdempotent);
        return policies;
    }

    private static void EndByFault(EnrichmentOutcome outcome, Exception e)
    {
        string message = $"A classifier, policy or listener threw {e.GetType().Name}.";
        outcome.End(EnrichmentStatus.Failed, new EnrichmentError(EnrichmentErrorKind.Fault, message, Exception: e));
    }

    private static void GiveUp(Exception exception, IssuerLookup lookup)
    {
        if ((lookup.Retry?.NoVerdict ?? (exception as LookupEndedException)?.Error) is { } reason)
            lookup.Outcome.End(EnrichmentStatus.NotAttempted, reason);
        else if (lookup.Lifetime.IsEnding && exception is OperationCanceledException)
            lookup.Outcome.End(EnrichmentStatus.NotAttempted, lookup.Lifetime.Describe(lookup.Outcome.Attempts));
        else
            lookup.Outcome.End(EnrichmentStatus.Failed, lookup.Retry?.Verdict ?? AnswerJudge.Judge(exception).Error!);
    }
}
