using IssuerEnrichment.Throttling;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Pacing;

/// <summary>The timers of the gate and the pace.</summary>
public sealed class PreciseTimerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_timer_fires_once_when_it_is_due_and_never_before()
    {
        for (int milliseconds = 0; milliseconds < 30; milliseconds++)
        {
            int fired = 0;
            TaskCompletionSource isDue = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await using ITimer timer = PreciseTimer.Create(TimeProvider.System, () =>
            {
                Interlocked.Increment(ref fired);
                isDue.SetResult();
            });
            long start = TimeProvider.System.GetTimestamp();
            timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan).Should().BeTrue();

            await isDue.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

            TimeProvider.System.GetElapsedTime(start).TotalMilliseconds.Should().BeGreaterThanOrEqualTo(milliseconds);
            fired.Should().Be(1);
        }
    }

    [Fact]
    public async Task Timers_fire_in_the_order_in_which_they_are_due()
    {
        List<int> fired = [];
        TaskCompletionSource areDue = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer[] timers = [.. Enumerable.Range(0, 5).Select(number => PreciseTimer.Create(TimeProvider.System, () =>
        {
            // One after the other, so nothing has to be locked.
            fired.Add(number);
            if (fired.Count == 5)
                areDue.SetResult();
        }))];
        foreach (int number in new[] { 3, 1, 4, 0, 2 })
            timers[number].Change(TimeSpan.FromMilliseconds(200 + (20 * number)), Timeout.InfiniteTimeSpan);

        await areDue.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        fired.Should().Equal(0, 1, 2, 3, 4);
        foreach (ITimer timer in timers)
            await timer.DisposeAsync();
    }

    [Fact]
    public async Task A_timer_that_is_reset_stopped_or_disposed_does_not_fire_at_its_old_time()
    {
        int fired = 0;
        ITimer setAgain = PreciseTimer.Create(TimeProvider.System, () => Interlocked.Increment(ref fired));
        ITimer stopped = PreciseTimer.Create(TimeProvider.System, () => Interlocked.Increment(ref fired));
        ITimer disposed = PreciseTimer.Create(TimeProvider.System, () => Interlocked.Increment(ref fired));
        foreach (ITimer timer in new[] { setAgain, stopped, disposed })
            timer.Change(TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        setAgain.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await disposed.DisposeAsync();

        await Elapse(100);

        fired.Should().Be(0);
        disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan).Should().BeFalse();
        await Elapse(1);
        fired.Should().Be(0);
        await setAgain.DisposeAsync();
        await stopped.DisposeAsync();
    }

    [Fact]
    public void The_timer_uses_the_given_clock()
    {
        FakeTimeProvider clock = new();
        int fired = 0;
        using ITimer timer = PreciseTimer.Create(clock, () => fired++);
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        clock.Advance(TimeSpan.FromSeconds(0.9));
        fired.Should().Be(0);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        fired.Should().Be(1);
    }

    // All timers share a thread, so one that was due later has fired only after those before it.
    private static async Task Elapse(int milliseconds)
    {
        TaskCompletionSource isDue = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ITimer timer = PreciseTimer.Create(TimeProvider.System, isDue.SetResult);
        timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        await isDue.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
