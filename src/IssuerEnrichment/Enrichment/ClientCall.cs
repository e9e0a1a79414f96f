using System.Runtime.CompilerServices;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Hedging;
using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Enrichment;

/// <summary>Calls the client for one attempt: watches a call that is late, and leaves one alone that heeds no cancellation.</summary>
internal sealed class ClientCall(IssuerClientAdapter client, ServicePolicies policies, TimeProvider timeProvider)
{
    /// <summary>How long a cancelled call may take to end before it is left to itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Hedge? _hedge = !client.IsBlocking && client.BatchClient is null && policies.Hedge.IsAllowed(client.IsIdempotent) ? policies.Hedge : null;

    /// <summary>Asks for the lookup's issuer.</summary>
    /// <param name="lookup">The lookup.</param>
    /// <param name="now">The time, as a timestamp.</param>
    /// <param name="call">Has the token that ends the call.</param>
    public ValueTask<IssuerAnswer> AskAsync(IssuerLookup lookup, long now, TimedCall call)
    {
        if (client.SendsRequests)
            policies.Enter(lookup);
        if (_hedge is not null)
            return AskHedgedAsync(lookup, now, call);
        Task<IssuerAnswer> answer = Ask(lookup, now, call.Token);
        return answer.IsCompleted ? new ValueTask<IssuerAnswer>(answer) : AwaitAsync(answer, call, lookup, timeProvider);
    }

    /// <summary>Waits for an answer; where its call is cancelled and does not end, it is left to itself.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> AwaitAsync<T>(Task<T> answer, TimedCall call, IssuerLookup lookup, TimeProvider timeProvider)
    {
        await call.WaitAsync(answer).ConfigureAwait(false);
        return answer.IsCompleted
            ? await answer.ConfigureAwait(false)
            : await AwaitCancelledAsync(answer, call, lookup, timeProvider).ConfigureAwait(false);
    }

    private Task<IssuerAnswer> Ask(IssuerLookup lookup, long now, CancellationToken cancellationToken)
    {
        if (!client.SendsRequests)
            lookup.CountRequest(now);
        return client.AskAsync(lookup, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IssuerAnswer> AskHedgedAsync(IssuerLookup lookup, long now, TimedCall call)
    {
        Task<IssuerAnswer> answer = Ask(lookup, now, call.Token);
        try
        {
            return await answer.WaitAsync(_hedge!.Watch, timeProvider, call.Token).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!answer.IsFaulted)
        {
            return await RaceAsync(answer, lookup, call).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!answer.IsCompleted)
        {
            return await AwaitCancelledAsync(answer, call, lookup, timeProvider).ConfigureAwait(false);
        }
    }

    // Apart from its caller, which would otherwise make the closure for every call, late or not.
    private Task<IssuerAnswer> RaceAsync(Task<IssuerAnswer> late, IssuerLookup lookup, TimedCall race) =>
        _hedge!.RaceAsync(late, lookup, () => Ask(lookup, lookup.Lifetime.Now, race.Token), race);

    // A call that heeds its cancellation is waited for; one that does not must not hold up the run.
    private static async ValueTask<T> AwaitCancelledAsync<T>(Task<T> answer, TimedCall call, IssuerLookup lookup, TimeProvider timeProvider)
    {
        try
        {
            return await answer.WaitAsync(Grace, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            lookup.Caller?.Abandon();
            _ = answer.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            throw new OperationCanceledException(call.Token);
        }
    }
}
