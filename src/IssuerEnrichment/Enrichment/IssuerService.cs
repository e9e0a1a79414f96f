using System.Diagnostics;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Gate;
using IssuerEnrichment.Policies;
using IssuerEnrichment.Telemetry;
using Polly;

namespace IssuerEnrichment.Enrichment;

/// <summary>The lookup: applies the service's policies around its client and turns whatever happens into an outcome. It never throws.</summary>
internal sealed class IssuerService(
    IssuerClientAdapter client, ServicePolicies policies, IIssuerTypeClassifier classifier, RunEnvironment environment, int maxIssuerIdLength)
    : IDisposable
{
    private readonly TimeProvider _timeProvider = environment.TimeProvider;
    private readonly ClientCall _call = new(client, policies, environment.TimeProvider);
    private readonly ResiliencePipeline<IssuerAnswer> _pipeline = policies.BuildLookupPipeline(attemptIsRequest: !client.SendsRequests);

    public bool IsBlocking => client.IsBlocking;

    public string SuitableStrategy => client.IsBlocking ? EnrichmentStrategyName.ThreadPool : EnrichmentStrategyName.Async;

    /// <summary>Says why an id cannot be looked up; null where it can.</summary>
    public string? Refuse(string? issuerId) => IssuerIdRule.Refuse(issuerId, maxIssuerIdLength) ?? client.Refuse(issuerId!);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask LookUpAsync(IssuerLookup lookup, IReadOnlyList<string> marketSectors)
    {
        policies.Begin();
        ResilienceContext context = ResilienceContextPool.Shared.Get(lookup.Lifetime.Ending);
        lookup.AttachTo(context);
        using Activity? span = environment.Telemetry.StartLookup(lookup.Outcome.IssuerId!);
        try
        {
            Outcome<IssuerAnswer> answer = await ExecuteAsync(lookup, context).ConfigureAwait(false);
            lookup.Retry?.EndWait(lookup);
            if (answer.Exception is null)
                Accept(answer.Result, lookup.Outcome, marketSectors);
            else
                GiveUp(answer.Exception, lookup);
            EnrichmentTelemetry.Describe(span, lookup.Outcome);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // The wait for the retry budget throws when it is cancelled, as a strategy of the user's may.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<IssuerAnswer>> ExecuteAsync(IssuerLookup lookup, ResilienceContext context)
    {
        try
        {
            return await _pipeline
                .ExecuteOutcomeAsync(static (context, state) => state.Service.AttemptAsync(context, state.Lookup), context, (Service: this, Lookup: lookup))
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer>(e);
        }
    }

    /// <summary>A run begins.</summary>
    public void BeginRun() => policies.Gate.BeginRun();

    public void Dispose() => policies.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<IssuerAnswer>> AttemptAsync(ResilienceContext context, IssuerLookup lookup)
    {
        EnrichmentOutcome outcome = lookup.Outcome;
        lookup.Retry?.EndWait(lookup);
        TimeSpan heldBefore = outcome.Held;
        int requestsBefore = outcome.Requests;
        long startedAt = _timeProvider.GetTimestamp();
        outcome.Attempts++;
        try
        {
            if (client.SendsRequests)
                policies.Enter(lookup);
            IssuerAnswer answer = await _call.AskAsync(lookup, context.CancellationToken).ConfigureAwait(false);
            if (answer.IsMissing)
                return Outcome.FromException<IssuerAnswer>(IssuerClientAdapter.Fault("The client returned no answer."));
            return Outcome.FromResult(answer);
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer>(e);
        }
        finally
        {
            // What ended at the gate, or while it was paced, never asked.
            if (outcome.Requests == requestsBefore)
                outcome.Attempts--;
            TimeSpan onTheWire = _timeProvider.GetElapsedTime(startedAt) - (outcome.Held - heldBefore);
            outcome.AddOnTheWire(onTheWire > TimeSpan.Zero ? onTheWire : TimeSpan.Zero);
        }
    }

    private void Accept(IssuerAnswer answer, EnrichmentOutcome outcome, IReadOnlyList<string> marketSectors)
    {
        if (answer.Isins is { } isins)
            outcome.Enrich(isins, classifier.Classify(new IssuerTypeEvidence(outcome.IssuerId!, marketSectors)));
        else
            outcome.End(EnrichmentStatus.NotFound, new EnrichmentError(EnrichmentErrorKind.Refused, "The service knows no such issuer."));
    }

    private static void GiveUp(Exception exception, IssuerLookup lookup)
    {
        if ((lookup.Retry?.Verdict ?? (exception as LookupEndedException)?.Error) is { } verdict)
            lookup.Outcome.End(EnrichmentStatus.NotAttempted, verdict);
        else if (lookup.Lifetime.IsEnding && exception is OperationCanceledException)
            lookup.Outcome.End(EnrichmentStatus.NotAttempted, lookup.Lifetime.Describe(lookup.Outcome.Attempts));
        else
            lookup.Outcome.End(EnrichmentStatus.Failed, Failure.Of(exception).Error);
    }
}
