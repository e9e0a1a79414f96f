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
        CancellationTokenSource? race = _hedge is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IssuerAnswer> answer = Ask(lookup, now, race?.Token ?? cancellationToken);
        if (!answer.IsCompleted)
            return race is null ? AwaitAsync(answer, lookup, timeProvider, cancellationToken) : AwaitHedgedAsync(answer, lookup, race, cancellationToken);
        race?.Dispose();
        return new ValueTask<IssuerAnswer>(answer);
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
    private async ValueTask<IssuerAnswer> AwaitHedgedAsync(
        Task<IssuerAnswer> answer, IssuerLookup lookup, CancellationTokenSource race, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.WaitAsync(_hedge!.Watch, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!answer.IsFaulted)
        {
            return await _hedge!
                .RaceAsync(answer, lookup, () => Ask(lookup, lookup.Lifetime.Now, race.Token), race, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!answer.IsCompleted)
        {
            return await AwaitCancelledAsync(answer, lookup, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            race.Dispose();
        }
    }

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
