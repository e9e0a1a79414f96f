using IssuerEnrichment.Gate;

namespace IssuerEnrichment.Hedging;

/// <summary>
/// Watches a request that is under way: once it has taken twice as long as nineteen of twenty do, and the budget allows, another one is sent beside it.
/// The first good answer wins.
/// </summary>
/// <remarks>Shared by all lookups of a service. A service that refuses or is down is not asked twice. Thread-safe.</remarks>
internal sealed class Hedge(HedgingOptions options, ServiceGate gate, TimeProvider timeProvider)
{
    private const int MostAtOnce = 3;
    private const double MostSaved = 10;

    // How long to wait before asking again what is usual, while nothing is known yet; and the least wait, which timers can tell apart.
    private static readonly TimeSpan LearningDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(20);

    private readonly LatencyEstimate _latency = new();
    private readonly Lock _lock = new();
    private double _balance = 2;

    /// <summary>How long to watch a request before <see cref="RaceAsync"/> takes over.</summary>
    public TimeSpan Delay => _latency.Usual is { } usual ? (usual * 2 > LeastDelay ? usual * 2 : LeastDelay) : LearningDelay;

    /// <summary>A lookup begins, which pays for a share of a hedged request.</summary>
    public void Deposit()
    {
        lock (_lock)
            _balance = Math.Min(MostSaved, _balance + options.Budget);
    }

    /// <summary>A request got a good answer after this time.</summary>
    public void Observe(TimeSpan latency) => _latency.Add(latency);

    /// <summary>Lets a request that is late race against others.</summary>
    /// <param name="late">The request.</param>
    /// <param name="lookup">The lookup it is sent for. While that waits at the gate or is paced, there is nothing to race against.</param>
    /// <param name="ask">Sends another one.</param>
    /// <param name="cancellationToken">Ends the race.</param>
    public async Task<IssuerAnswer> RaceAsync(
        Task<IssuerAnswer> late, IssuerLookup lookup, Func<Task<IssuerAnswer>> ask, CancellationToken cancellationToken)
    {
        List<Task<IssuerAnswer>> racing = [late];
        while (true)
        {
            if (racing.Count < MostAtOnce && IsLate(lookup) && TryWithdraw())
                racing.Add(ask());

            Task<IssuerAnswer>? ended = await FirstToEndAsync(racing, cancellationToken).ConfigureAwait(false);
            if (ended is null)
                continue;
            racing.Remove(ended);
            if (ended.IsCompletedSuccessfully || racing.Count == 0)
                return await ended.ConfigureAwait(false);
            _ = ended.Exception;
        }
    }

    private bool IsLate(IssuerLookup lookup) =>
        gate.IsWell && _latency.Usual is not null && lookup.SentAt is { } sentAt && lookup.Lifetime.ElapsedSince(sentAt) >= Delay * 0.9;

    private async Task<Task<IssuerAnswer>?> FirstToEndAsync(List<Task<IssuerAnswer>> racing, CancellationToken cancellationToken)
    {
        using CancellationTokenSource decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task delay = Task.Delay(Delay, timeProvider, decided.Token);
        Task ended = await Task.WhenAny([.. racing, delay]).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return ended as Task<IssuerAnswer>;
    }

    private bool TryWithdraw()
    {
        lock (_lock)
        {
            if (_balance < 1)
                return false;
            _balance--;
            return true;
        }
    }
}
