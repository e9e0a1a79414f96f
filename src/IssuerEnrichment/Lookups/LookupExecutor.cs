using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Executes the lookups of one source. It calls the client with a timeout, hedges late calls, abandons calls that ignore cancellation, and lets the
/// policies decide about further attempts.
/// </summary>
/// <remarks>
/// While the service is healthy, the policies have nothing to do, but cost more than the rest of a lookup. The first attempt therefore bypasses them.
/// Only if it fails do the policies handle it, as if they had made it.
/// </remarks>
internal sealed class LookupExecutor
{
    private readonly IssuerClientAdapter _client;
    private readonly SourceState _source;
    private readonly RequestGuard _guard;
    private readonly TimeProvider _timeProvider;
    private readonly bool _isCached;
    private readonly bool _canBypass;
    private readonly ResiliencePipeline<IssuerAnswer> _pipeline;

    public LookupExecutor(IssuerClientAdapter client, ServicePolicies policies, TimeProvider timeProvider, AnswerCache? cache)
    {
        _client = client;
        _timeProvider = timeProvider;
        _source = policies.Source;
        _guard = policies.Guard;
        if (!client.IsBlocking && client.AskBatch is null && (_source.Options.Hedging.Enabled ?? client.IsIdempotent))
            _source.EnableHedging();
        _isCached = cache is not null;
        _canBypass = !_isCached && policies.CanBypass(attemptIsRequest: !client.SendsRequests);
        _pipeline = policies.BuildLookupPipeline(
            attemptIsRequest: !client.SendsRequests, cache is null ? null : new CacheStrategy(cache, client, _source.Begin, timeProvider));
    }

    /// <summary>Notes the start of a lookup.</summary>
    public void Begin(RequestContext lookup)
    {
        // With a cache, a lookup adds to the budgets only if the cache has no answer.
        if (!_isCached)
            _source.Begin(lookup);
    }

    /// <summary>Lets the first attempt of a lookup bypass the policies, if that is possible. The gate must get the pass back.</summary>
    public bool TryBypass(RequestContext lookup, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        return _canBypass && !lookup.Lifetime.IsEnding && _guard.Gate.TryPass(out pass);
    }

    /// <summary>Reports the success of a first attempt that bypassed the policies.</summary>
    public void EndBypass(RequestContext lookup, GatePass pass)
    {
        if (!_client.SendsRequests)
            _guard.Report(pass, new Judgement(AnswerMeaning.Good), lookup);
    }

    /// <summary>Makes one attempt: calls the client with a timeout, and accounts for its time. It never throws.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="now">The current timestamp.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<IssuerAnswer>> AttemptAsync(RequestContext lookup, long now, CancellationToken cancellationToken)
    {
        TimeSpan heldBefore = lookup.Account.Held;
        lookup.BeginAttempt();
        if (!lookup.IsCanary)
            lookup.Account.Attempts++;
        TimeSpan timeout = _guard.AttemptTimeout(lookup);

        // If requests have their own pipeline, their timeout applies there. The timeout here is for everything else that the client does.
        CallTimer calls = lookup.Lifetime.Calls;
        TimedCall call = _client.SendsRequests
            ? calls.Begin(now, timeout, cut: null, lookup, cancellationToken)
            : calls.Begin(now, timeout, _guard.CutShort(lookup), requests: null, cancellationToken);
        Task<IssuerAnswer> answer = Ask(lookup, now, call);
        if (!answer.IsCompleted)
            await WaitAsync(answer, call, lookup, now).ConfigureAwait(false);
        if (!answer.IsCompleted)
        {
            // Cancelled, or late enough to be hedged.
            answer = call.Token.IsCancellationRequested ? GetAsync(answer, call, lookup, _timeProvider) : RaceAsync(answer, call, lookup);
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Outcome<IssuerAnswer> result = Read(answer, call, timeout);
        calls.End(call);
        AccountFor(lookup, result, startedAt: now, heldBefore);
        return result;
    }

    /// <summary>Executes a lookup through the policies.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="failure">The failure of its first attempt, which bypassed the policies; null if there was none.</param>
    public async ValueTask<Outcome<IssuerAnswer>> ExecuteAsync(RequestContext lookup, FirstFailure? failure)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(lookup.Lifetime.Ending);
        lookup.AttachTo(context);
        failure?.AttachTo(context);
        try
        {
            return await _pipeline
                .ExecuteOutcomeAsync(static (context, state) => state.Executor.AttemptAsync(context, state.Lookup), context, (Executor: this, Lookup: lookup))
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The wait for the retry budget throws when it is cancelled, and a user's strategy may throw.
            return Outcome.FromException<IssuerAnswer>(e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Returns the answer of a call that has ended or is cancelled. A call that ignores cancellation is abandoned.</summary>
    public static async Task<T> GetAsync<T>(Task<T> answer, TimedCall call, RequestContext lookup, TimeProvider timeProvider)
    {
        try
        {
            return await Grace.AwaitAsync(answer, timeProvider, call.Token).ConfigureAwait(false);
        }
        finally
        {
            if (!answer.IsCompleted)
                lookup.Caller?.Abandon();
        }
    }

    private ValueTask<Outcome<IssuerAnswer>> AttemptAsync(ResilienceContext context, RequestContext lookup)
    {
        if (FirstFailure.TakeFrom(context) is { } first)
            return Outcome.FromExceptionAsValueTask<IssuerAnswer>(first.Exception);

        // A user's policy that ignores cancellation may get here after the lookup has ended.
        return lookup.IsOver
            ? Outcome.FromExceptionAsValueTask<IssuerAnswer>(new OperationCanceledException(context.CancellationToken))
            : AttemptAsync(lookup, lookup.Lifetime.Now, context.CancellationToken);
    }

    private Task<IssuerAnswer> Ask(RequestContext lookup, long now, TimedCall call)
    {
        try
        {
            if (_client.SendsRequests)
            {
                _guard.SetCurrent(lookup);
            }
            else
            {
                lookup.MarkSent(now);
                lookup.Account.CountRequest();
            }

            return _client.AskAsync(lookup, call.Token);
        }
        catch (Exception e)
        {
            return Task.FromException<IssuerAnswer>(e);
        }
    }

    private ValueTask WaitAsync(Task<IssuerAnswer> answer, TimedCall call, RequestContext lookup, long now) => _source.Hedge is { } hedge
        ? lookup.Lifetime.Calls.WaitAsync(call, answer, now, hedge.Watch)
        : call.WaitAsync(answer);

    private Task<IssuerAnswer> RaceAsync(Task<IssuerAnswer> late, TimedCall call, RequestContext lookup) =>
        _source.Hedge!.RaceAsync(late, lookup, () => Ask(lookup, _timeProvider.GetTimestamp(), call), call);

    private void AccountFor(RequestContext lookup, in Outcome<IssuerAnswer> result, long startedAt, TimeSpan heldBefore)
    {
        ref LookupAccount account = ref lookup.Account;
        long endedAt = _timeProvider.GetTimestamp();
        if (lookup.SentAt is null && !lookup.IsCanary)
            account.Attempts--; // It ended at the gate or the rate limiter, without a request.
        else if (result.Exception is null)
            Learn(lookup, lookup.SentAt ?? startedAt, endedAt);
        else if (lookup.Retry is { Failures: > 0 } retry && _client.GotFurther(lookup.IssuerId!))
            retry.Restart();
        TimeSpan onTheWire = _timeProvider.GetElapsedTime(startedAt, endedAt) - (account.Held - heldBefore);
        account.AddOnTheWire(onTheWire > TimeSpan.Zero ? onTheWire : TimeSpan.Zero);
    }

    private void Learn(RequestContext lookup, long sentAt, long answeredAt)
    {
        _source.Latency.Add(_timeProvider.GetElapsedTime(sentAt, answeredAt));
        _source.Gate.RememberAnswered(lookup.AskedId);
    }

    private static Outcome<IssuerAnswer> Read(Task<IssuerAnswer> ended, TimedCall call, TimeSpan timeout)
    {
        try
        {
            // The task has completed, so this does not block.
            IssuerAnswer answer = ended.GetAwaiter().GetResult();
            return answer.IsMissing
                ? Outcome.FromException<IssuerAnswer>(ClientCalls.Fault("The client returned no answer."))
                : Outcome.FromResult(answer);
        }
        catch (OperationCanceledException e) when (call.HasExpired)
        {
            return Outcome.FromException<IssuerAnswer>(call.Explain(e, timeout));
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer>(e);
        }
    }
}
