using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing.Faults;

public sealed class SelectiveFaultTests
{
    [Fact]
    public async Task Only_the_chosen_issuers_meet_the_fault()
    {
        await using RunningService running = await RunningService.StartAsync(
            new SelectiveFault(id => id.StartsWith("bad-", StringComparison.Ordinal), new StatusFault(500, 1)));

        (await running.StatusAsync("bad-1")).Should().Be(500);
        (await running.StatusAsync("good-1")).Should().Be(200);
        (await running.StatusAsync("bad-1")).Should().Be(500);
    }

    [Fact]
    public async Task The_fault_passes_on_what_it_lets_through()
    {
        await using RunningService running = await RunningService.StartAsync(
            new SelectiveFault(id => id == "1", new RateLimitFault(1, TimeSpan.FromDays(1))), new StatusFault(404, 1));

        (await running.StatusAsync("1")).Should().Be(404);
        (await running.StatusAsync("1")).Should().Be(429);
        (await running.StatusAsync("2")).Should().Be(404);
    }
}
