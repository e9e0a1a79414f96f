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
/// fails do they come in, and take it for the first of theirs. An attempt is made in steps, so that such a lookup needs no state machine but its own.
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
        if (!client.IsBlocking && client.BatchClient is null && (_source.Options.Hedging.Enabled ?? client.IsIdempotent))
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

    /// <summary>Asks for the lookup's issuer. What is begun must be ended.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public RunningAttempt BeginAttempt(RequestContext lookup, long now, CancellationToken cancellationToken)
    {
        TimeSpan heldBefore = lookup.Account.Held;
        lookup.BeginAttempt();
        if (lookup.Retry is not { Canary: not null })
            lookup.Account.Attempts++;
        TimeSpan timeout = _guard.AttemptTimeout(lookup);

        // Requests through a pipeline of their own are timed there, and what the client does besides is timed here.
        CallTimer calls = lookup.Lifetime.Calls;
        TimedCall call = _client.SendsRequests
            ? calls.Begin(now, timeout, cut: null, lookup, cancellationToken)
            : calls.Begin(now, timeout, _guard.CutShort(lookup), requests: null, cancellationToken);
        Task<IssuerAnswer> answer;
        try
        {
            answer = Ask(lookup, now, call);
        }
        catch (Exception e)
        {
            answer = Task.FromException<IssuerAnswer>(e);
        }

        return new RunningAttempt(answer, call, now, timeout, heldBefore);
    }

    /// <summary>Waits until the answer is there, is late, or is cancelled. It never throws.</summary>
    public ValueTask WaitAsync(in RunningAttempt attempt, RequestContext lookup) => _source.Hedge is not { } hedge
        ? attempt.Call.WaitAsync(attempt.Answer)
        : lookup.Lifetime.Calls.WaitAsync(attempt.Call, attempt.Answer, attempt.StartedAt, hedge.Watch);

    /// <summary>Ends an attempt whose answer was waited for and is not there: one that is late races against others.</summary>
    public async ValueTask<Outcome<IssuerAnswer>> EndLateAsync(RunningAttempt attempt, RequestContext lookup)
    {
        Task<IssuerAnswer> answer = attempt.Call.Token.IsCancellationRequested
            ? GetAsync(attempt.Answer, attempt.Call, lookup, _timeProvider)
            : _source.Hedge!.RaceAsync(attempt.Answer, lookup, () => Ask(lookup, _timeProvider.GetTimestamp(), attempt.Call), attempt.Call);
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return EndAttempt(attempt with { Answer = answer }, lookup);
    }

    /// <summary>Ends an attempt whose answer is there, and writes down what it took.</summary>
    public Outcome<IssuerAnswer> EndAttempt(in RunningAttempt attempt, RequestContext lookup)
    {
        Outcome<IssuerAnswer> result = Read(attempt);
        ref LookupAccount account = ref lookup.Account;
        long endedAt = _timeProvider.GetTimestamp();
        lookup.Lifetime.Calls.End(attempt.Call);
        if (lookup is { SentAt: null, Retry: null or { Canary: null } })
            account.Attempts--; // It ended at the gate, or while it was paced, and never asked.
        else if (result.Exception is null)
            Learn(lookup, lookup.SentAt ?? attempt.StartedAt, endedAt);
        else if (lookup.Retry is { Failures: > 0 } retry && _client.GotFurther(lookup.IssuerId!))
            retry.Restart();
        TimeSpan onTheWire = _timeProvider.GetElapsedTime(attempt.StartedAt, endedAt) - (account.Held - attempt.HeldBefore);
        account.AddOnTheWire(onTheWire > TimeSpan.Zero ? onTheWire : TimeSpan.Zero);
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

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<IssuerAnswer>> AttemptAsync(ResilienceContext context, RequestContext lookup)
    {
        if (FirstFailure.TakeFrom(context) is { } first)
            return Outcome.FromException<IssuerAnswer>(first.Exception);

        // A policy of the user's that heeds no cancellation may come here when the lookup has long ended.
        if (lookup.IsOver)
            return Outcome.FromException<IssuerAnswer>(new OperationCanceledException(context.CancellationToken));
        RunningAttempt attempt = BeginAttempt(lookup, lookup.Lifetime.Now, context.CancellationToken);
        if (!attempt.IsOver)
            await WaitAsync(attempt, lookup).ConfigureAwait(false);
        return attempt.IsOver ? EndAttempt(attempt, lookup) : await EndLateAsync(attempt, lookup).ConfigureAwait(false);
    }

    private Task<IssuerAnswer> Ask(RequestContext lookup, long now, TimedCall call)
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

    private void Learn(RequestContext lookup, long sentAt, long answeredAt)
    {
        _source.Latency.Add(_timeProvider.GetElapsedTime(sentAt, answeredAt));
        _source.Gate.RememberAnswered(lookup.AskedId);
    }

    private static Outcome<IssuerAnswer> Read(in RunningAttempt attempt)
    {
        try
        {
            // It has ended, so that nothing waits here.
            IssuerAnswer answer = attempt.Answer.GetAwaiter().GetResult();
            return answer.IsMissing
                ? Outcome.FromException<IssuerAnswer>(IssuerClientAdapter.Fault("The client returned no answer."))
                : Outcome.FromResult(answer);
        }
        catch (OperationCanceledException e) when (attempt.Call.HasExpired)
        {
            return Outcome.FromException<IssuerAnswer>(attempt.Call.Explain(e, attempt.Timeout));
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer>(e);
        }
    }
}
