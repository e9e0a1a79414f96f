using System.Threading.RateLimiting;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Tests.Pacing;

public sealed class PacingRateLimiterTests
{
    private readonly TimerWatch _clock = new();

    [Theory]
    [InlineData("10/1s", 0, 101, 202, 303)]
    [InlineData("60/1m", 0, 1_010, 2_020, 3_030)]
    [InlineData("2/2m", 0, 0, 120_000, 120_000)]
    [InlineData("10/1s, 2/2m", 0, 101, 120_000, 120_101)]
    [InlineData("10/1s, 3/10s, 3/1h", 0, 3_367, 6_734, 3_600_000)]
    public async Task Starts_each_request_exactly_when_all_limits_allow(string limit, params int[] milliseconds)
    {
        using PacingRateLimiter limiter = Limiter(limit);
        Task<RateLimitLease>[] leases = [.. milliseconds.Select(_ => Acquire(limiter))];

        foreach ((Task<RateLimitLease> lease, int start) in leases.Zip(milliseconds))
        {
            TimeSpan instant = TimeSpan.FromMilliseconds(start);
            if (instant > _clock.Now)
            {
                _clock.AdvanceTo(instant - TimeSpan.FromTicks(1));
                lease.IsCompleted.Should().BeFalse("a permit never starts early");
                _clock.AdvanceTo(instant);
            }

            lease.IsCompleted.Should().BeTrue();
            (await lease).IsAcquired.Should().BeTrue();
        }
    }

    [Fact]
    public void Catches_up_what_a_timer_was_late_but_not_a_long_pause()
    {
        using PacingRateLimiter limiter = Limiter("200/1s");
        Task<RateLimitLease>[] leases = [.. Enumerable.Range(0, 20).Select(_ => Acquire(limiter))];

        _clock.Advance(TimeSpan.FromMilliseconds(16));
        Started().Should().Be(4, "the starts of 5.05, 10.1 and 15.15 ms are due");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Started().Should().Be(4 + 3, "after a pause no more than 15 ms are caught up");

        int Started() => leases.Count(lease => lease.IsCompleted);
    }

    [Fact]
    public void A_lease_of_several_permits_starts_with_its_last_permit_and_pays_for_all()
    {
        using PacingRateLimiter limiter = Limiter("10/1s");
        Task<RateLimitLease> three = Acquire(limiter, 3);
        Task<RateLimitLease> one = Acquire(limiter);

        _clock.Due.Should().Be(TimeSpan.FromMilliseconds(202));
        _clock.AdvanceTo(_clock.Due);
        three.IsCompleted.Should().BeTrue();
        one.IsCompleted.Should().BeFalse();
        _clock.Due.Should().Be(TimeSpan.FromMilliseconds(303));
    }

    [Fact]
    public void More_permits_than_a_limit_has_are_misuse()
    {
        using PacingRateLimiter limiter = Limiter("10/1s, 20/1d");

        limiter.Invoking(one => one.AttemptAcquire(11)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("permitCount");
        limiter.Invoking(one => one.AcquireAsync(11)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("permitCount");
    }

    [Fact]
    public void An_attempt_never_waits_and_a_rejection_costs_nothing_and_says_when_to_retry()
    {
        using PacingRateLimiter limiter = Limiter("10/1s");
        limiter.AttemptAcquire().IsAcquired.Should().BeTrue();

        using RateLimitLease refused = limiter.AttemptAcquire();
        refused.IsAcquired.Should().BeFalse();
        refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait).Should().BeTrue();
        wait.Should().Be(TimeSpan.FromMilliseconds(101));

        _clock.Advance(wait);
        limiter.AttemptAcquire().IsAcquired.Should().BeTrue();
    }

    [Fact]
    public void An_attempt_does_not_overtake_those_who_wait()
    {
        using PacingRateLimiter limiter = Limiter("5/2m");
        limiter.AttemptAcquire(3).IsAcquired.Should().BeTrue();
        Task<RateLimitLease> waiter = Acquire(limiter, 3);

        limiter.AttemptAcquire(2).IsAcquired.Should().BeFalse();
        Acquire(limiter, 2).IsCompleted.Should().BeFalse();
        waiter.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public void Zero_permits_ask_whether_one_is_free_and_take_none()
    {
        using PacingRateLimiter limiter = Limiter("1/2m");
        limiter.AttemptAcquire(0).IsAcquired.Should().BeTrue();
        Acquire(limiter, 0).IsCompleted.Should().BeTrue();
        limiter.AttemptAcquire().IsAcquired.Should().BeTrue();

        limiter.AttemptAcquire(0).IsAcquired.Should().BeFalse();
        Task<RateLimitLease> none = Acquire(limiter, 0);
        Task<RateLimitLease> one = Acquire(limiter);
        none.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromMinutes(2));
        none.IsCompleted.Should().BeTrue();
        one.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_cancelled_waiter_leaves_at_once_and_its_permit_goes_to_the_next()
    {
        using PacingRateLimiter limiter = Limiter("10/1s");
        using CancellationTokenSource cancellation = new();
        await Acquire(limiter);
        Task<RateLimitLease> cancelled = limiter.AcquireAsync(1, cancellation.Token).AsTask();
        Task<RateLimitLease> next = Acquire(limiter);

        await cancellation.CancelAsync();

        (await cancelled.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellation.Token);
        limiter.GetStatistics()!.CurrentQueuedCount.Should().Be(1);
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(101));
        next.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task When_a_large_request_gives_up_a_small_one_behind_it_starts_at_once()
    {
        using PacingRateLimiter limiter = Limiter("5/2m");
        using CancellationTokenSource cancellation = new();
        limiter.AttemptAcquire(3).IsAcquired.Should().BeTrue();
        Task<RateLimitLease> large = limiter.AcquireAsync(3, cancellation.Token).AsTask();
        Task<RateLimitLease> small = Acquire(limiter, 2);

        await cancellation.CancelAsync();

        large.IsCanceled.Should().BeTrue();
        small.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_cancellation_after_the_start_changes_nothing()
    {
        using PacingRateLimiter limiter = Limiter("10/1s");
        using CancellationTokenSource cancellation = new();
        await Acquire(limiter);
        Task<RateLimitLease> lease = limiter.AcquireAsync(1, cancellation.Token).AsTask();
        _clock.AdvanceTo(_clock.Due);

        await cancellation.CancelAsync();

        (await lease).IsAcquired.Should().BeTrue();
        limiter.GetStatistics()!.TotalSuccessfulLeases.Should().Be(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposal_ends_every_wait_and_every_later_call(bool asynchronously)
    {
        PacingRateLimiter limiter = Limiter("1/2m");
        await Acquire(limiter);
        Task<RateLimitLease>[] waiters = [Acquire(limiter), Acquire(limiter)];

        if (asynchronously)
            await limiter.DisposeAsync();
        else
            limiter.Dispose();
        limiter.Dispose();

        foreach (Task<RateLimitLease> waiter in waiters)
            await waiter.Awaiting(task => task).Should().ThrowAsync<ObjectDisposedException>();
        limiter.Invoking(one => one.AttemptAcquire()).Should().Throw<ObjectDisposedException>();
        await limiter.Awaiting(one => one.AcquireAsync().AsTask()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Theory]
    [InlineData("10/1s", 1, 0)]
    [InlineData("10/1s", 3, 202)]
    [InlineData("5/2m", 5, 0)]
    [InlineData("10/1s, 5/2m", 6, 120_000)]
    [InlineData("5/2m", 11, 240_000)]
    public void Estimates_the_wait_of_the_next_request_behind_those_who_wait(string limit, int place, int milliseconds)
    {
        using PacingRateLimiter limiter = Limiter(limit);
        for (int ahead = 1; ahead < place; ahead++)
            _ = Acquire(limiter);

        limiter.EstimateWait().Should().Be(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Fact]
    public void Statistics_count_what_is_free_waits_was_granted_and_rejected()
    {
        using PacingRateLimiter limiter = Limiter("5/2m");
        limiter.GetStatistics()!.CurrentAvailablePermits.Should().Be(5);
        limiter.AttemptAcquire(2).IsAcquired.Should().BeTrue();
        limiter.GetStatistics()!.CurrentAvailablePermits.Should().Be(3);
        limiter.AttemptAcquire(4).IsAcquired.Should().BeFalse();
        _ = Acquire(limiter, 4);

        limiter.GetStatistics().Should().BeEquivalentTo(new RateLimiterStatistics
        {
            CurrentAvailablePermits = 0,
            CurrentQueuedCount = 4,
            TotalSuccessfulLeases = 1,
            TotalFailedLeases = 1,
        });
    }

    [Fact]
    public void Spread_evenly_a_fresh_limit_has_one_permit_and_a_rested_one_what_may_be_caught_up()
    {
        using PacingRateLimiter limiter = Limiter("200/1s");
        limiter.GetStatistics()!.CurrentAvailablePermits.Should().Be(1);

        _clock.Advance(TimeSpan.FromHours(1));
        limiter.GetStatistics()!.CurrentAvailablePermits.Should().Be(3);
    }

    [Fact]
    public void Is_idle_while_all_permits_of_all_limits_are_free()
    {
        using PacingRateLimiter limiter = Limiter("10/1s, 5/2m");
        _clock.Advance(TimeSpan.FromSeconds(7));
        limiter.IdleDuration.Should().Be(TimeSpan.FromSeconds(7));

        limiter.AttemptAcquire().IsAcquired.Should().BeTrue();
        limiter.IdleDuration.Should().BeNull();
        _clock.Advance(TimeSpan.FromMinutes(2));
        limiter.IdleDuration.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Many_threads_at_once_get_no_more_than_there_is()
    {
        using PacingRateLimiter limiter = Limiter("1000/1d");
        int acquired = 0;

        Parallel.For(0, 5_000, _ =>
        {
            if (limiter.AttemptAcquire().IsAcquired)
                Interlocked.Increment(ref acquired);
        });

        acquired.Should().Be(1_000);
        limiter.GetStatistics()!.TotalFailedLeases.Should().Be(4_000);
    }

    [Fact]
    public void Needs_a_limit_and_a_clock()
    {
        FluentActions.Invoking(() => new PacingRateLimiter(null!, _clock)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new PacingRateLimiter(RateLimit.PerSecond(1), null!)).Should().Throw<ArgumentNullException>();
    }

    private static Task<RateLimitLease> Acquire(PacingRateLimiter limiter, int permits = 1) => limiter.AcquireAsync(permits).AsTask();

    private PacingRateLimiter Limiter(string limit) => new(RateLimit.Parse(limit), _clock);
}
