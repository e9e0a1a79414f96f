using IssuerEnrichment.Lookups;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Policies;

public sealed class CallTimerTests
{
    [Fact]
    public async Task A_call_that_ends_just_when_its_time_is_up_does_not_stop_the_timer()
    {
        FakeTimeProvider clock = new();
        using CallTimer timer = new(clock, CancellationToken.None);
        TimedCall[] calls = [.. Enumerable.Range(0, 3).Select(_ => timer.Begin(clock.GetTimestamp(), TimeSpan.FromSeconds(1), cut: null, requests: null, CancellationToken.None))];
        await using CancellationTokenRegistration registration = calls[0].Token.Register(() => timer.End(calls[1]));
        TaskCompletionSource cancelled = new();
        await using CancellationTokenRegistration other = calls[2].Token.Register(cancelled.SetResult);

        clock.Advance(TimeSpan.FromSeconds(1));

        await cancelled.Task.WithTimeout();
    }

    [Fact]
    public async Task A_call_waits_for_one_task_after_the_other_and_says_nothing_of_how_they_ended()
    {
        using CallTimer timer = new(new FakeTimeProvider(), CancellationToken.None);
        TimedCall call = timer.Begin(CancellationToken.None);
        foreach (Action<TaskCompletionSource> end in new Action<TaskCompletionSource>[]
        {
            task => task.SetResult(), task => task.SetException(new InvalidOperationException()), task => task.SetCanceled(),
        })
        {
            TaskCompletionSource task = new();
            ValueTask wait = call.WaitAsync(task.Task);
            wait.IsCompleted.Should().BeFalse();

            end(task);

            await wait;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_is_cancelled_waits_no_longer_and_is_not_used_again(bool isCancelledBefore)
    {
        using CallTimer timer = new(new FakeTimeProvider(), CancellationToken.None);
        using CancellationTokenSource source = new();
        TimedCall call = timer.Begin(source.Token);
        TaskCompletionSource never = new();
        if (isCancelledBefore)
            await source.CancelAsync();
        ValueTask wait = call.WaitAsync(never.Task);
        await source.CancelAsync();

        await wait;

        timer.End(call);
        timer.Begin(CancellationToken.None).Should().NotBeSameAs(call);
        never.SetResult();
    }

    [Fact]
    public async Task A_wait_is_over_in_time_and_its_call_goes_on()
    {
        FakeTimeProvider clock = new();
        using CallTimer timer = new(clock, CancellationToken.None);
        TimedCall call = timer.Begin(clock.GetTimestamp(), TimeSpan.FromSeconds(3), cut: null, requests: null, CancellationToken.None);
        TaskCompletionSource task = new();
        ValueTask wait = timer.WaitAsync(call, task.Task, clock.GetTimestamp(), TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(0.9));
        wait.IsCompleted.Should().BeFalse();

        clock.Advance(TimeSpan.FromSeconds(0.1));

        await wait;
        call.Token.IsCancellationRequested.Should().BeFalse();
        ValueTask next = call.WaitAsync(task.Task);
        clock.Advance(TimeSpan.FromSeconds(1));
        next.IsCompleted.Should().BeFalse("it has no end");
        clock.Advance(TimeSpan.FromSeconds(1));
        await next;
        call.HasExpired.Should().BeTrue();
        task.SetResult();
    }

    [Fact]
    public async Task A_wait_that_ended_before_its_time_does_not_end_the_next_one()
    {
        FakeTimeProvider clock = new();
        using CallTimer timer = new(clock, CancellationToken.None);
        TimedCall call = timer.Begin(CancellationToken.None);
        await timer.WaitAsync(call, Task.CompletedTask, clock.GetTimestamp(), TimeSpan.FromSeconds(1));
        TaskCompletionSource task = new();
        ValueTask wait = call.WaitAsync(task.Task);

        clock.Advance(TimeSpan.FromSeconds(2));

        wait.IsCompleted.Should().BeFalse();
        task.SetResult();
        await wait;
    }

    [Fact]
    public async Task A_client_that_blocks_when_it_is_cancelled_delays_nobody_else()
    {
        FakeTimeProvider clock = new();
        using CallTimer timer = new(clock, CancellationToken.None);
        TimedCall stubborn = timer.Begin(clock.GetTimestamp(), TimeSpan.FromSeconds(1), cut: null, requests: null, CancellationToken.None);
        TimedCall other = timer.Begin(clock.GetTimestamp(), TimeSpan.FromSeconds(1), cut: null, requests: null, CancellationToken.None);
        using ManualResetEventSlim blocked = new();
        await using CancellationTokenRegistration first = stubborn.Token.Register(blocked.Wait);
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration second = other.Token.Register(cancelled.SetResult);

        clock.Advance(TimeSpan.FromSeconds(1));

        await cancelled.Task.WithTimeout();
        blocked.Set();
    }

    [Fact]
    public void Each_call_has_a_token_of_its_own()
    {
        using CallTimer timer = new(new FakeTimeProvider(), CancellationToken.None);
        TimedCall call = timer.Begin(CancellationToken.None);
        CancellationToken kept = call.Token;
        timer.End(call);

        TimedCall next = timer.Begin(CancellationToken.None);

        next.Should().BeSameAs(call);
        next.Token.Should().NotBe(kept);
        next.Cancel();
        kept.IsCancellationRequested.Should().BeFalse();
    }
}
