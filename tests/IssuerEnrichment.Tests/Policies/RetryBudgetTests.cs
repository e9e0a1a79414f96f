using IssuerEnrichment.Policies;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class RetryBudgetTests
{
    private const int Floor = 10;
    private const double Share = 0.25;

    private readonly FakeTimeProvider _clock = new();
    private readonly RetryBudget _budget;

    public RetryBudgetTests() => _budget = new RetryBudget(Share, _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, Floor)]
    [InlineData(100, Floor + 25)]
    [InlineData(1_000_000, 100)]
    public void Pays_for_a_share_of_first_attempts_above_a_small_floor_and_saves_no_more_than_a_hundred(int firstAttempts, int retries)
    {
        for (int i = 0; i < firstAttempts; i++)
            _budget.Deposit();

        PaidAtOnce().Should().Be(retries);
    }

    [Fact]
    public async Task A_trickle_pays_for_ten_a_second()
    {
        PaidAtOnce();
        for (int i = 0; i < 30; i++)
        {
            Task retry = _budget.WithdrawAsync(Token).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(99));
            retry.IsCompleted.Should().BeFalse();
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await retry.WithFuse();
        }
    }

    [Fact]
    public async Task What_is_over_the_budget_is_put_off_and_not_dropped()
    {
        PaidAtOnce();
        Task[] retries = [.. Enumerable.Range(0, 3).Select(_ => _budget.WithdrawAsync(Token).AsTask())];

        for (int i = 0; i < 2 / Share; i++)
            _budget.Deposit();
        retries.Should().NotContain(retry => retry.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        await Task.WhenAll(retries).WithFuse();
        PaidAtOnce().Should().Be(0, "two were paid by first attempts, one by the time that passed");
    }

    [Fact]
    public async Task A_retry_that_is_put_off_can_be_cancelled_and_costs_nothing()
    {
        PaidAtOnce();
        using CancellationTokenSource cancellation = new();
        Task retry = _budget.WithdrawAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await retry.Invoking(it => it.WithFuse()).Should().ThrowAsync<OperationCanceledException>();
        _clock.Advance(TimeSpan.FromSeconds(1));
        PaidAtOnce().Should().Be(10);
    }

    private int PaidAtOnce()
    {
        using CancellationTokenSource cancellation = new();
        int paid = 0;
        while (_budget.WithdrawAsync(cancellation.Token).AsTask().IsCompletedSuccessfully)
            paid++;
        cancellation.Cancel();
        return paid;
    }
}
