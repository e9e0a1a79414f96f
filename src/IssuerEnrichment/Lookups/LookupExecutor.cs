using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Executes the lookups of one source: makes attempts, and has the policies decide about more of them. It asks the client, times the call, races a late one
/// against others, and leaves one alone that heeds no cancellation.
/// </summary>
/// <remarks>
/// While the service is well its policies have nothing to do for a lookup, and cost it more than all the rest. So the first attempt bypasses them; only when it
/// fails do they come in, and take it for the first of theirs.
/// </remarks>
internal sealed class LookupExecutor
{
    private readonly IssuerClientAdapter _client;
    private readonly SourceState _source;
    private readonly RequestGuard _guard;
    private readonly TimeProvider _timeProvider;
    private readonly bool _isCached;
    private readonly bool _mayBypass;
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
        _mayBypass = !_isCached && policies.MayBypass(attemptIsRequest: !client.SendsRequests);
        _pipeline = policies.BuildLookupPipeline(
            attemptIsRequest: !client.SendsRequests, cache is null ? null : new CacheStrategy(cache, client, _source.Begin, timeProvider));
    }

    /// <summary>A lookup begins.</summary>
    public void Begin(RequestContext lookup)
    {
        // One with a cache begins to ask only where that has no answer.
        if (!_isCached)
            _source.Begin(lookup);
    }

    /// <summary>Whether a lookup's first attempt may bypass the policies. Gives its pass, of which the gate is to hear in the end.</summary>
    public bool MayBypass(RequestContext lookup, [NotNullWhen(true)] out GatePass? pass)
    {
        pass = null;
        return _mayBypass && !lookup.Lifetime.IsEnding && _guard.Gate.TryPass(out pass);
    }

    /// <summary>A first attempt that bypassed the policies has succeeded.</summary>
    public void EndBypass(RequestContext lookup, GatePass pass)
    {
        if (!_client.SendsRequests)
            _guard.Report(pass, new Judgement(AnswerMeaning.Good), lookup);
    }

    /// <summary>Makes one attempt: asks the client, times the call, and writes down what it took. It never throws.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<IssuerAnswer>> AttemptAsync(RequestContext lookup, long now, CancellationToken cancellationToken)
    {
        TimeSpan heldBefore = lookup.Account.Held;
        lookup.BeginAttempt();
        if (!lookup.IsCanary)
            lookup.Account.Attempts++;
        TimeSpan timeout = _guard.AttemptTimeout(lookup);

        // Requests through a pipeline of their own are timed there, and what the client does besides is timed here.
        CallTimer calls = lookup.Lifetime.Calls;
        TimedCall call = _client.SendsRequests
            ? calls.Begin(now, timeout, cut: null, lookup, cancellationToken)
            : calls.Begin(now, timeout, _guard.CutShort(lookup), requests: null, cancellationToken);
        Task<IssuerAnswer> answer = Ask(lookup, now, call);
        if (!answer.IsCompleted)
            await WaitAsync(answer, call, lookup, now).ConfigureAwait(false);
        if (!answer.IsCompleted)
        {
            // Cancelled, or late.
            answer = call.Token.IsCancellationRequested ? GetAsync(answer, call, lookup, _timeProvider) : RaceAsync(answer, call, lookup);
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Outcome<IssuerAnswer> result = Read(answer, call, timeout);
        calls.End(call);
        WriteDown(lookup, result, startedAt: now, heldBefore);
        return result;
    }

    /// <summary>Has the policies execute a lookup.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="failure">How its first attempt failed, which bypassed them; null where there was none.</param>
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
            // The wait for the retry budget throws when it is cancelled, as a strategy of the user's may.
            return Outcome.FromException<IssuerAnswer>(e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Gives the answer of a call that has ended or is cancelled; one that heeds no cancellation is left to itself.</summary>
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

        // A policy of the user's that heeds no cancellation may come here when the lookup has long ended.
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

    private void WriteDown(RequestContext lookup, in Outcome<IssuerAnswer> result, long startedAt, TimeSpan heldBefore)
    {
        ref LookupAccount account = ref lookup.Account;
        long endedAt = _timeProvider.GetTimestamp();
        if (lookup.SentAt is null && !lookup.IsCanary)
            account.Attempts--; // It ended at the gate, or while it was paced, and never asked.
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
            // Nothing waits here.
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
