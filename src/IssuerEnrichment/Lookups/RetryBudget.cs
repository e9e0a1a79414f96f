namespace IssuerEnrichment.Lookups;

/// <summary>
/// How many retries the service has to bear: a share of first attempts, and a trickle so that the last of a run are not left behind. Shared by all
/// lookups of a service. Thread-safe.
/// </summary>
/// <remarks>After Finagle's retry budget: a deposit for every first attempt, a withdrawal for every retry, a reserve of 10 a second.</remarks>
internal sealed class RetryBudget(double share, TimeProvider timeProvider) : IDisposable
{
    private const double PerSecond = 10;
    private const double Most = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1 / PerSecond);

    private readonly TokenBalance _balance = new(initial: PerSecond, Most);

    // Those that are put off are paid for in the order in which they came: one at a time looks at the balance, the others wait for their turn.
    private readonly SemaphoreSlim _turn = new(1);
    private long _topUpAt = timeProvider.GetTimestamp();

    /// <summary>A first attempt is made, which may be a part of a request.</summary>
    public void Deposit(double requests) => _balance.Add(share * requests);

    /// <summary>Pays for a retry, waiting for as long as the budget is used up.</summary>
    public async ValueTask WithdrawAsync(double requests, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!TryWithdraw(requests))
                await Task.Delay(Interval, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool TryWithdraw(double requests)
    {
        long now = timeProvider.GetTimestamp();
        _balance.Add(PerSecond * timeProvider.GetElapsedTime(_topUpAt, now).TotalSeconds);
        _topUpAt = now;
        return _balance.TryTake(requests);
    }
}
