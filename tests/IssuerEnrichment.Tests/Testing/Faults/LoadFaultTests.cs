using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Testing.Faults;

/// <summary>The faults that depend on time or on how much there is to do.</summary>
public sealed class LoadFaultTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task An_outage_begins_with_a_request_number_and_ends_after_its_time()
    {
        await using RunningService running = await StartAsync(
            new OutageFault(TimeSpan.FromSeconds(5)) { AfterRequests = 2, Status = 500 });

        (await running.StatusAsync("1")).Should().Be(200);
        (await running.StatusAsync("2")).Should().Be(200);
        (await running.StatusAsync("3")).Should().Be(500);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        (await running.StatusAsync("3")).Should().Be(500);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await running.StatusAsync("3")).Should().Be(200);
    }

    [Fact]
    public async Task An_outage_begins_at_its_time()
    {
        await using RunningService running = await StartAsync(
            new OutageFault(TimeSpan.FromSeconds(5)) { After = TimeSpan.FromSeconds(10) });

        (await running.StatusAsync("1")).Should().Be(200);
        _clock.Advance(TimeSpan.FromSeconds(10));
        (await running.StatusAsync("1")).Should().Be(503);
    }

    [Fact]
    public async Task Latency_lasts_its_time_on_the_clock_of_the_script()
    {
        await using RunningService running = await StartAsync(new LatencyFault(TimeSpan.FromMilliseconds(50)));

        (await AdvanceUntilAsync(running.StatusAsync("1"))).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Spread_latency_keeps_its_median()
    {
        WaitRecorder recorder = new();
        await using RunningService running = await RunningService.StartAsync(new IssuerServiceScript
        {
            Faults = [new LatencyFault(TimeSpan.FromSeconds(1)) { Spread = 0.5 }],
            TimeProvider = recorder,
        });

        await Parallel.ForEachAsync(Enumerable.Range(1, 1_000), async (n, _) => await running.StatusAsync($"{n}"));

        double[] seconds = [.. recorder.Waits.Select(wait => wait.TotalSeconds).Order()];
        seconds.Should().HaveCount(1_000);
        seconds[500].Should().BeApproximately(1, 0.1);
        seconds[840].Should().BeApproximately(Math.Exp(0.5), 0.2, "84 % of a normal distribution are below one standard deviation");
    }

    [Theory(Timeout = 10_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Above_the_knee_every_request_in_flight_adds_a_wait(bool hasMoved)
    {
        TimeSpan step = TimeSpan.FromMilliseconds(10);
        WaitRecorder recorder = new();
        await using RunningService running = await RunningService.StartAsync(new IssuerServiceScript
        {
            Faults = [hasMoved ? new KneeFault(9, step).MovingTo(2, TimeSpan.Zero) : new KneeFault(2, step), new HangFault(1)],
            TimeProvider = recorder,
        });

        Task[] requests = [.. Enumerable.Range(1, 4).Select(n => running.StatusAsync($"{n}"))];
        while (recorder.Waits.Count < 2)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        recorder.Waits.Should().BeEquivalentTo([step, 2 * step]);
    }

    private Task<RunningService> StartAsync(Fault fault) =>
        RunningService.StartAsync(new IssuerServiceScript { Faults = [fault], TimeProvider = _clock });

    private async Task<TimeSpan> AdvanceUntilAsync(Task task)
    {
        TimeSpan advanced = TimeSpan.Zero;
        for (; !task.IsCompleted; advanced += Step)
        {
            _clock.Advance(Step);
            await Task.Yield();
        }

        await task;
        return advanced;
    }
}
