using IssuerEnrichment.Lookups;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class RetryBudgetTests : IDisposable
{
    private const int Floor = 10;
    private const double Share = 0.25;

    private readonly FakeTimeProvider _clock = new();
    private readonly RetryBudget _budget;

    public RetryBudgetTests() => _budget = new RetryBudget(Share, _clock);

    public void Dispose() => _budget.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, Floor)]
    [InlineData(100, Floor + 25)]
    [InlineData(1_000_000, 100)]
    public async Task The_budget_grants_a_share_of_first_attempts_above_a_floor_and_saves_at_most_a_hundred(int firstAttempts, int retries)
    {
        for (int i = 0; i < firstAttempts; i++)
            _budget.Deposit(1);

        (await PayAllAsync()).Should().Be(retries);
    }

    [Fact]
    public async Task Members_of_a_batch_share_the_cost_of_a_retry()
    {
        await PayAllAsync();
        for (int i = 0; i < 400; i++)
            _budget.Deposit(0.01);

        for (int i = 0; i < 100; i++)
            _budget.WithdrawAsync(0.0099, Token).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        (await PayAllAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_trickle_pays_for_ten_a_second()
    {
        await PayAllAsync();
        for (int i = 0; i < 30; i++)
        {
            Task retry = _budget.WithdrawAsync(1, Token).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(99));
            retry.IsCompleted.Should().BeFalse();
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await retry.WithTimeout();
        }
    }

    [Fact]
    public async Task A_retry_over_the_budget_is_delayed_and_not_dropped()
    {
        await PayAllAsync();
        Task[] retries = [.. Enumerable.Range(0, 3).Select(_ => _budget.WithdrawAsync(1, Token).AsTask())];

        for (int i = 0; i < 2 / Share; i++)
            _budget.Deposit(1);
        retries.Should().NotContain(retry => retry.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        await Task.WhenAll(retries).WithTimeout();
        (await PayAllAsync()).Should().Be(0, "two were paid by first attempts, one by the time that passed");
    }

    [Fact]
    public async Task Delayed_retries_are_granted_in_order()
    {
        await PayAllAsync();
        Task[] retries = [.. Enumerable.Range(0, 5).Select(_ => _budget.WithdrawAsync(1, Token).AsTask())];

        for (int paid = 0; paid < retries.Length; paid++)
        {
            retries.TakeWhile(retry => retry.IsCompleted).Should().HaveCount(paid);
            retries.Skip(paid).Should().NotContain(retry => retry.IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            await retries[paid].WithTimeout();
        }
    }

    [Fact]
    public async Task A_delayed_retry_can_be_cancelled_and_costs_nothing()
    {
        await PayAllAsync();
        using CancellationTokenSource cancellation = new();
        Task retry = _budget.WithdrawAsync(1, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await retry.Invoking(it => it.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await PayAllAsync()).Should().Be(10);
    }

    private async Task<int> PayAllAsync()
    {
        using CancellationTokenSource cancellation = new();
        int paid = 0;
        Task retry;
        while ((retry = _budget.WithdrawAsync(1, cancellation.Token).AsTask()).IsCompletedSuccessfully)
            paid++;
        await cancellation.CancelAsync();
        await retry.ContinueWith(_ => { }, TaskScheduler.Default).WithTimeout();
        return paid;
    }
}
