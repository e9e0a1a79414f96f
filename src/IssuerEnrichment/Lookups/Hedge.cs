using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Watches a request that is under way: once it has taken twice as long as nineteen of twenty do, and the budget allows, another one is sent beside it.
/// The first good answer wins.
/// </summary>
/// <remarks>Shared by all lookups of a service. A service that throttles or is down is not asked twice. Thread-safe.</remarks>
internal sealed class Hedge(HedgingOptions options, ServiceGate gate, LatencyEstimate latency, TimeProvider timeProvider)
{
    private const int MostAtOnce = 3;

    // The last lookups of a run find none behind them to pay for their hedges, and of those under way this many may be late.
    private const double MostSaved = 20;

    // Below this, what looks late may be a pause of our own process. And what is usual is looked up this often, for it changes most when a run begins.
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMilliseconds(250);

    // Nothing is known yet, and the first requests of a process are slow for reasons of its own.
    private static readonly TimeSpan FirstWatch = TimeSpan.FromSeconds(1);

    private readonly TokenBalance _balance = new(initial: 2, MostSaved);

    /// <summary>How long to watch a request before <see cref="RaceAsync"/> takes over.</summary>
    public TimeSpan Watch => LateAfter is not { } late ? FirstWatch : late < LongestWatch ? late : LongestWatch;

    private TimeSpan? LateAfter => latency.Usual is { } usual ? TimeSpan.FromTicks(Math.Max(2 * usual.Ticks, LeastDelay.Ticks)) : null;

    /// <summary>A lookup begins, which pays for a share of a hedged request.</summary>
    public void Deposit() => _balance.Add(options.Budget);

    /// <summary>Lets a request that is late race against others.</summary>
    /// <param name="late">The request.</param>
    /// <param name="lookup">The lookup it is sent for. While that waits at the gate or is paced, there is nothing to race against.</param>
    /// <param name="ask">Sends another one.</param>
    /// <param name="race">Has the token that ends the race, and in the end the calls of those that lost.</param>
    public async Task<IssuerAnswer> RaceAsync(Task<IssuerAnswer> late, RequestContext lookup, Func<Task<IssuerAnswer>> ask, TimedCall race)
    {
        List<Task<IssuerAnswer>> racing = [late];
        try
        {
            while (true)
            {
                if (racing.Count < MostAtOnce && IsLate(lookup) && _balance.TryTake())
                    racing.Add(ask());

                Task<IssuerAnswer>? ended = await FirstToEndAsync(racing, race.Token).ConfigureAwait(false);
                if (ended is null)
                    continue;
                if (ended.IsCompletedSuccessfully || racing.Count == 1)
                    return await ended.ConfigureAwait(false);
                racing.Remove(ended);
                _ = ended.Exception; // Seen, and of no interest: another one may still be answered.
            }
        }
        finally
        {
            race.Cancel();
            Task losers = Task.WhenAll(racing);
            _ = losers.ContinueWith(static late => late.Exception, TaskScheduler.Default);
            await losers
                .WaitAsync(Grace.Length, timeProvider, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsLate(RequestContext lookup) =>
        gate.IsWell && lookup.SentAt is { } sentAt && lookup.Lifetime.ElapsedSince(sentAt) >= LateAfter * 0.9;

    private async Task<Task<IssuerAnswer>?> FirstToEndAsync(List<Task<IssuerAnswer>> racing, CancellationToken cancellationToken)
    {
        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(Watch, timeProvider, decided.Token);
        Task ended = await Task.WhenAny([.. racing, delay]).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return ended as Task<IssuerAnswer>;
    }
}
