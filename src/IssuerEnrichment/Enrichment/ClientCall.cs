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
    /// <param name="cancellationToken">Ends the call.</param>
    public ValueTask<IssuerAnswer> AskAsync(IssuerLookup lookup, long now, CancellationToken cancellationToken)
    {
        if (client.SendsRequests)
            policies.Enter(lookup);
        if (_hedge is not null)
            return AskHedgedAsync(lookup, now, cancellationToken);
        Task<IssuerAnswer> answer = Ask(lookup, now, cancellationToken);
        return answer.IsCompleted ? new ValueTask<IssuerAnswer>(answer) : AwaitAsync(answer, lookup, timeProvider, cancellationToken);
    }

    /// <summary>Waits for a call; one that is cancelled and does not end is left to itself.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> AwaitAsync<T>(Task<T> call, IssuerLookup lookup, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!call.IsCompleted)
        {
            return await AwaitCancelledAsync(call, lookup, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<IssuerAnswer> Ask(IssuerLookup lookup, long now, CancellationToken cancellationToken)
    {
        if (!client.SendsRequests)
            lookup.CountRequest(now);
        return client.AskAsync(lookup, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IssuerAnswer> AskHedgedAsync(IssuerLookup lookup, long now, CancellationToken cancellationToken)
    {
        TimedCall race = lookup.Lifetime.Calls.Begin(cancellationToken);
        Task<IssuerAnswer>? answer = null;
        try
        {
            answer = Ask(lookup, now, race.Token);
            return await answer.WaitAsync(_hedge!.Watch, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (answer is { IsFaulted: false })
        {
            return await RaceAsync(answer, lookup, race, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (answer is { IsCompleted: false })
        {
            return await AwaitCancelledAsync(answer, lookup, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lookup.Lifetime.Calls.End(race);
        }
    }

    // Apart from its caller, which would otherwise make the closure for every call, late or not.
    private Task<IssuerAnswer> RaceAsync(Task<IssuerAnswer> late, IssuerLookup lookup, TimedCall race, CancellationToken cancellationToken) =>
        _hedge!.RaceAsync(late, lookup, () => Ask(lookup, lookup.Lifetime.Now, race.Token), race, cancellationToken);

    // A call that heeds its cancellation is waited for; one that does not must not hold up the run.
    private static async ValueTask<T> AwaitCancelledAsync<T>(
        Task<T> call, IssuerLookup lookup, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(Grace, timeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            lookup.Caller?.Abandon();
            _ = call.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
