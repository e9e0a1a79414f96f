using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing.Faults;

public sealed class ConcurrencyLimitFaultTests
{
    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Above_its_limit_a_request_is_turned_away(int status)
    {
        await using RunningService running = await RunningService.StartAsync(
            new ConcurrencyLimitFault(2) { Status = status }, new HangFault(1));
        Task<int>[] requests = [.. Enumerable.Range(1, 5).Select(n => running.StatusAsync($"{n}"))];

        int[] refused = await Task.WhenAll(await FirstAsync(3, requests));

        refused.Should().OnlyContain(answered => answered == status);
        running.Service.Statistics.InFlight.Should().Be(2);
        running.Service.Statistics.Throttled.Should().Be(3);
    }

    [Fact]
    public async Task A_caller_that_keeps_to_the_limit_is_never_throttled()
    {
        const int Limit = 4;
        await using RunningService running = await RunningService.StartAsync(
            new ConcurrencyLimitFault(Limit), new LatencyFault(TimeSpan.FromMilliseconds(1)));

        await Task.WhenAll(Enumerable.Range(0, Limit).Select(async worker =>
        {
            for (int n = 0; n < 200; n++)
                await running.StatusAsync($"{worker}-{n}");
        }));

        running.Service.Statistics.AnswersByStatus.Should().Equal(new Dictionary<int, int> { [200] = Limit * 200 });
    }

    [Fact]
    public async Task Throttled_requests_do_not_use_up_the_limit()
    {
        await using RunningService running = await RunningService.StartAsync(new ConcurrencyLimitFault(1), new StatusFault(500, 1));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => running.StatusAsync($"{n}")));

        (await running.StatusAsync("7")).Should().Be(500, "nothing is in flight any more");
    }

    private static async Task<Task<int>[]> FirstAsync(int count, Task<int>[] requests)
    {
        List<Task<int>> first = [];
        await foreach (Task<int> answered in Task.WhenEach(requests))
        {
            first.Add(answered);
            if (first.Count == count)
                break;
        }

        return [.. first];
    }
}
