using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Throttling;
using Polly;

namespace IssuerEnrichment.Caching;

/// <summary>
/// Answers lookups from the cache. Of concurrent lookups of the same issuer, one is the leader: it reads the cache, queries the service, and stores
/// the answer. The others share its result, even if it is a failure. If the leader's run ends first, another lookup becomes the leader.
/// </summary>
/// <remarks>
/// A HybridCache could share lookups itself, but it runs the first caller's factory for all of them, even beyond the end of that caller's run. Here
/// each lookup stays in its own run, with the run's deadline, its own account of time, and the thread for its blocking calls.
/// </remarks>
/// <param name="cache">Stores the answers.</param>
/// <param name="client">Provides the settings that affect the answers.</param>
/// <param name="onAsking">Invoked for each lookup that queries the service.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class CacheStrategy(AnswerCache cache, IssuerClientAdapter client, Action<RequestContext> onAsking, TimeProvider timeProvider)
    : ResilienceStrategy<IssuerAnswer>
{
    // Each leader's result; null if it cannot be shared.
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Outcome<IssuerAnswer>?>> _leaders = new(StringComparer.Ordinal);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Outcome<IssuerAnswer>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<IssuerAnswer>>> callback, ResilienceContext context, TState state)
    {
        RequestContext lookup = RequestContext.From(context)!;
        if (cache.KeyOf(lookup.IssuerId!, client.RequestShape) is not { } key)
        {
            onAsking(lookup);
            return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }

        TaskCompletionSource<Outcome<IssuerAnswer>?> own = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_leaders.GetOrAdd(key, own) is var leader && leader != own)
        {
            if (await FollowAsync(leader.Task, lookup, context.CancellationToken).ConfigureAwait(false) is { } told)
                return told;
        }

        Outcome<IssuerAnswer> result;
        try
        {
            if (await RecallAsync(key, lookup, context.CancellationToken).ConfigureAwait(false) is { } known)
            {
                result = Outcome.FromResult(known);
            }
            else
            {
                onAsking(lookup);
                result = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
                if (result.Exception is null && !result.Result.IsMissing)
                {
                    await Grace.AwaitAsync(cache.KeepAsync(key, result.Result, context.CancellationToken), timeProvider, context.CancellationToken)
                        .ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            result = Outcome.FromException<IssuerAnswer>(e);
        }

        // In this order, so that a lookup that starts in between finds the answer in the cache.
        _leaders.TryRemove(key, out _);
        own.SetResult(CanBeShared(result, lookup, context.CancellationToken) ? result : null);
        return result;
    }

    private static async ValueTask<Outcome<IssuerAnswer>?> FollowAsync(
        Task<Outcome<IssuerAnswer>?> leader, RequestContext lookup, CancellationToken cancellationToken)
    {
        long since = lookup.Lifetime.Now;
        Outcome<IssuerAnswer>? told;
        try
        {
            told = await leader.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (told is { Exception: null } answer)
                told = Outcome.FromResult(answer.Result with { IsCached = true });
        }
        catch (OperationCanceledException e)
        {
            told = Outcome.FromException<IssuerAnswer>(e);
        }

        lookup.Account.AddQueued(lookup.Lifetime.ElapsedSince(since));
        return told;
    }

    private async ValueTask<IssuerAnswer?> RecallAsync(string key, RequestContext lookup, CancellationToken cancellationToken)
    {
        long since = lookup.Lifetime.Now;
        ValueTask<IssuerAnswer?> find = cache.FindAsync(key, cancellationToken);
        bool isWaiting = !find.IsCompleted;
        IssuerAnswer? known = await Grace.AwaitAsync(find, timeProvider, cancellationToken).ConfigureAwait(false);
        if (isWaiting)
            lookup.Account.AddQueued(lookup.Lifetime.ElapsedSince(since));
        return known;
    }

    // That a run ended, or that a custom policy around this one gave up, says nothing about the issuer.
    private static bool CanBeShared(Outcome<IssuerAnswer> result, RequestContext lookup, CancellationToken cancellationToken) =>
        result.Exception is { } e
            ? e is not LookupEndedException && lookup.Retry is not { NoVerdict: not null } && !cancellationToken.IsCancellationRequested
            : !result.Result.IsMissing;
}
