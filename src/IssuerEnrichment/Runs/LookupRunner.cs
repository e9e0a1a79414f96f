using System.Diagnostics;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Runs;

/// <summary>Runs the lookups of one run, from the strategy's call to the outcome.</summary>
/// <remarks>
/// A first attempt that succeeds completes the lookup at once. Otherwise the lookup continues independently of the strategy, and waits without
/// occupying a slot.
/// </remarks>
/// <param name="plan">The plan of the run.</param>
/// <param name="lifetime">The lifetime of the run.</param>
/// <param name="outbox">Receives the outcomes.</param>
/// <param name="parked">The lookups that wait without a slot.</param>
internal sealed class LookupRunner(RunPlan plan, RunLifetime lifetime, RunOutbox outbox, ParkedLookups parked) : ILookupRunner
{
    private readonly LookupExecutor _executor = plan.Source.Executor;
    private readonly OutcomeFactory _outcomes = plan.Outcomes;
    private long _begun;
    private long _journaledTicks;

    /// <summary>The journal of the run; null if there is none.</summary>
    public RunJournal? Journal { get; set; }

    /// <summary>The number of calls so far. A lookup that resumes counts again.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>How long lookups waited for the journal in total.</summary>
    public TimeSpan Journaled => new(Interlocked.Read(ref _journaledTicks));

    public ValueTask RunAsync(IssuerLookup lookup)
    {
        if (Begin(lookup) is not { } context)
            return default;
        context.Caller = null;
        return StartOrResume(lookup, context);
    }

    public void Run(IssuerLookup lookup, Action leaveBehind)
    {
        if (Begin(lookup) is not { } context)
            return;
        CallingThread? caller = context.Caller = plan.Source.IsBlocking ? new CallingThread(leaveBehind) : null;
        ValueTask ended = StartOrResume(lookup, context);

        // Blocking is intended: the thread belongs to the strategy, not to the shared pool.
        if (caller is not null)
            caller.ServeUntil(ended.AsTask());
        else if (ended.IsCompleted)
            ended.GetAwaiter().GetResult();
        else
            ended.AsTask().GetAwaiter().GetResult();
    }

    // Null if the lookup has completed because its wait was cancelled.
    private RequestContext? Begin(IssuerLookup lookup)
    {
        if (!lookup.TryBegin())
            throw new InvalidOperationException($"The strategy '{plan.Strategy.Name}' ran a lookup twice.");
        Interlocked.Increment(ref _begun);
        return lookup.Context;
    }

    private ValueTask StartOrResume(IssuerLookup lookup, RequestContext context)
    {
        if (context.Place is { } place)
            return new ValueTask(place.ReturnAsync());
        long now = lifetime.Now;
        context.Account.AddAdmission(plan.TimeProvider.GetElapsedTime(lookup.AdmittedAt, now));
        return LookUpAsync(lookup, context, now);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask LookUpAsync(IssuerLookup lookup, RequestContext context, long now)
    {
        Activity? span = null;
        FirstFailure? failure = null;
        EnrichmentOutcome? outcome = null;
        try
        {
            _executor.Begin(context);
            span = plan.Environment.Telemetry.StartLookup(lookup.IssuerId);
            if (_executor.TryBypass(context, out GatePass? pass))
            {
                Outcome<IssuerAnswer> answer = await _executor.AttemptAsync(context, now, lifetime.Ending).ConfigureAwait(false);
                if (answer.Exception is { } exception)
                {
                    failure = new FirstFailure(exception, pass);
                }
                else
                {
                    _executor.EndBypass(context, pass);
                    outcome = _outcomes.Conclude(lookup, answer);
                }
            }
        }
        catch (Exception e)
        {
            outcome = OutcomeFactory.Fault(lookup, e);
        }

        if (outcome is not null)
        {
            await CompleteAsync(lookup, outcome, span).ConfigureAwait(false);
            return;
        }

        LookupPlace place = new(lookup, parked);
        context.Place = place;

        // The run waits for it to complete, and it never throws.
        _ = ContinueAsync(lookup, context, failure, place, span);
        await place.Left.ConfigureAwait(false);
    }

    private async Task ContinueAsync(IssuerLookup lookup, RequestContext context, FirstFailure? failure, LookupPlace place, Activity? span)
    {
        Exception? incomplete = null;
        try
        {
            await CompleteAsync(lookup, await ExecuteAsync(lookup, context, failure).ConfigureAwait(false), span).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            incomplete = e;
        }

        place.Leave(incomplete);
    }

    private async Task<EnrichmentOutcome> ExecuteAsync(IssuerLookup lookup, RequestContext context, FirstFailure? failure)
    {
        try
        {
            // Twice the time that a client gets. A client that ends in that time ends its policies as well.
            ValueTask<Outcome<IssuerAnswer>> answer = _executor.ExecuteAsync(context, failure);
            return _outcomes.Conclude(lookup, await Grace.AwaitAsync(answer, plan.TimeProvider, lifetime.Ending, times: 2).ConfigureAwait(false));
        }
        catch (OperationCanceledException e) when (lifetime.IsEnding)
        {
            context.Caller?.Abandon();
            return OutcomeFactory.GiveUp(lookup, e);
        }
        catch (Exception e)
        {
            return OutcomeFactory.Fault(lookup, e);
        }
    }

    private ValueTask CompleteAsync(IssuerLookup lookup, EnrichmentOutcome outcome, Activity? span)
    {
        EnrichmentTelemetry.Describe(span, outcome);
        span?.Dispose();
        if (Journal is { } journal)
            return KeepAsync(journal, lookup, outcome);
        outbox.Complete(lookup, outcome);
        return default;
    }

    private async ValueTask KeepAsync(RunJournal journal, IssuerLookup lookup, EnrichmentOutcome outcome)
    {
        long since = lifetime.Now;
        bool isKept = await journal.TryKeepAsync(outcome).ConfigureAwait(false);
        Interlocked.Add(ref _journaledTicks, lifetime.ElapsedSince(since).Ticks);
        outbox.Complete(lookup, isKept ? outcome : OutcomeFactory.End(lookup, EnrichmentStatus.NotAttempted, lifetime.Describe(outcome.Attempts)));
    }
}
