namespace IssuerEnrichment.Policies;

/// <summary>
/// How many retries the service has to bear: a share of first attempts, and a trickle so that the last of a run are not left behind. Shared by all
/// lookups of a service. Thread-safe.
/// </summary>
/// <remarks>After Finagle's retry budget: a deposit for every first attempt, a withdrawal for every retry, a reserve of 10 a second.</remarks>
internal sealed class RetryBudget
{
    private const double PerSecond = 10;
    private const double Most = 100;

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly double _share;
    private double _balance = PerSecond;
    private long _topUpAt;

    public RetryBudget(double share, TimeProvider timeProvider)
    {
        _share = share;
        _timeProvider = timeProvider;
        _topUpAt = timeProvider.GetTimestamp();
    }

    /// <summary>A first attempt is made.</summary>
    public void Deposit()
    {
        lock (_lock)
            _balance = Math.Min(Most, _balance + _share);
    }

    /// <summary>Pays for a retry, waiting for as long as the budget is used up.</summary>
    public async ValueTask WithdrawAsync(CancellationToken cancellationToken)
    {
        while (!TryWithdraw())
            await Task.Delay(TimeSpan.FromSeconds(1 / PerSecond), _timeProvider, cancellationToken).ConfigureAwait(false);
    }

    private bool TryWithdraw()
    {
        lock (_lock)
        {
            long now = _timeProvider.GetTimestamp();
            _balance = Math.Min(Most, _balance + (PerSecond * _timeProvider.GetElapsedTime(_topUpAt, now).TotalSeconds));
            _topUpAt = now;
            if (_balance < 1)
                return false;
            _balance--;
            return true;
        }
    }
}
