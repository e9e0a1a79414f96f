namespace IssuerEnrichment.Lookups;

/// <summary>
/// The retry budget: limits retries to a proportion of first attempts, plus a constant rate so that the last lookups of a run can be retried. Shared
/// by all lookups of a service. Thread-safe.
/// </summary>
/// <remarks>As in Finagle: each first attempt deposits, each retry withdraws, and a reserve allows 10 retries a second.</remarks>
internal sealed class RetryBudget(double share, TimeProvider timeProvider) : IDisposable
{
    private const double PerSecond = 10;
    private const double Most = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1 / PerSecond);

    private readonly TokenBalance _balance = new(initial: PerSecond, Most);

    // Delayed retries are served in order: one at a time checks the balance, and the others wait for their turn.
    private readonly SemaphoreSlim _turn = new(1);
    private long _topUpAt = timeProvider.GetTimestamp();

    /// <summary>Deposits for a first attempt, which may be a part of a request.</summary>
    public void Deposit(double requests) => _balance.Add(share * requests);

    /// <summary>Withdraws for a retry, waiting while the budget is used up.</summary>
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
