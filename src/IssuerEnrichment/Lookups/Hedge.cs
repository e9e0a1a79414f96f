using IssuerEnrichment.Clients;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// Hedges requests: when a request exceeds twice the p95 of the latency, and the budget allows it, another one is sent. The first good answer wins.
/// </summary>
/// <remarks>Shared by all lookups of a service. Sends no hedged requests while the service throttles or is down. Thread-safe.</remarks>
internal sealed class Hedge(HedgingOptions options, ServiceGate gate, LatencyEstimate latency, TimeProvider timeProvider)
{
    private const int MostAtOnce = 3;

    // The cap on unused budget. The last lookups of a run are followed by none that add to the budget, and up to this many of them may be late.
    private const double MostSaved = 20;

    // Below this delay, a request may look late only because this process paused. The p95 is updated this often, since it changes most at the start
    // of a run.
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMilliseconds(250);

    // The latency is unknown at first, and the first requests of a process are slow for reasons of its own.
    private static readonly TimeSpan FirstWatch = TimeSpan.FromSeconds(1);

    private readonly TokenBalance _balance = new(initial: 2, MostSaved);

    /// <summary>How long to await a request before calling <see cref="RaceAsync"/>.</summary>
    public TimeSpan Watch => LateAfter is not { } late ? FirstWatch : late < LongestWatch ? late : LongestWatch;

    private TimeSpan? LateAfter => latency.Usual is { } usual ? TimeSpan.FromTicks(Math.Max(2 * usual.Ticks, LeastDelay.Ticks)) : null;

    /// <summary>Adds a lookup's share of a hedged request to the budget.</summary>
    public void Deposit() => _balance.Add(options.Budget);

    /// <summary>Races a late request against hedged ones.</summary>
    /// <param name="late">The late request.</param>
    /// <param name="lookup">Its lookup. No hedged request is sent while the lookup waits at the gate or for the rate limit.</param>
    /// <param name="ask">Sends a hedged request.</param>
    /// <param name="race">Has the token that ends the race, and in the end the calls that lost.</param>
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
        gate.IsHealthy && lookup.SentAt is { } sentAt && lookup.Lifetime.ElapsedSince(sentAt) >= LateAfter * 0.9;

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
