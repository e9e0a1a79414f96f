using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Testing.Faults;

public sealed class RateLimitFaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 20, 0, 0, 250, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Start);

    [Fact]
    public async Task Grants_the_burst_and_then_the_rate()
    {
        await using RunningService running = await StartAsync(new RateLimitFault(10, TimeSpan.FromSeconds(1)) { Burst = 3 });

        (await GrantedOfAsync(running, 5)).Should().Be(3);
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        (await GrantedOfAsync(running, 2)).Should().Be(0);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await GrantedOfAsync(running, 2)).Should().Be(1);

        int granted = 0;
        for (int step = 0; step < 100; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            granted += await GrantedOfAsync(running, 1);
        }

        granted.Should().Be(50, "5 seconds at 10 a second");
        _clock.Advance(TimeSpan.FromHours(1));
        (await GrantedOfAsync(running, 5)).Should().Be(3);
    }

    [Theory]
    [InlineData(RateLimitDialect.None, "", "")]
    [InlineData(RateLimitDialect.RetryAfterSeconds, "", "Retry-After: 15")]
    [InlineData(RateLimitDialect.RetryAfterDate, "", "Retry-After: Sun, 22 Nov 2026 20:00:16 GMT")]
    [InlineData(
        RateLimitDialect.RateLimitDraft10,
        "RateLimit-Policy: \"default\";q=4;w=60 | RateLimit: \"default\";r=1;t=15",
        "RateLimit-Policy: \"default\";q=4;w=60 | RateLimit: \"default\";r=0;t=15")]
    [InlineData(
        RateLimitDialect.RateLimitTriple,
        "RateLimit-Limit: 4 | RateLimit-Remaining: 1 | RateLimit-Reset: 15",
        "RateLimit-Limit: 4 | RateLimit-Remaining: 0 | RateLimit-Reset: 15")]
    [InlineData(
        RateLimitDialect.XRateLimitEpoch,
        "X-RateLimit-Limit: 4 | X-RateLimit-Remaining: 1 | X-RateLimit-Reset: 1795377616",
        "X-RateLimit-Limit: 4 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1795377616")]
    public async Task Tells_its_limit_in_every_dialect(RateLimitDialect dialect, string whenGranted, string whenRefused)
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(4, TimeSpan.FromMinutes(1)) { Burst = 2, Dialect = dialect });

        (await HeadersAsync(running)).Should().Be(whenGranted);
        await running.StatusAsync("7");
        (await HeadersAsync(running)).Should().Be(whenRefused);
    }

    [Fact]
    public async Task Whoever_comes_back_when_told_is_served()
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(7, TimeSpan.FromMinutes(1)) { Burst = 1, Dialect = RateLimitDialect.RetryAfterSeconds });
        for (int n = 0; n < 20; n++)
        {
            (await running.StatusAsync("7")).Should().Be(200);
            using HttpResponseMessage refusal = await running.GetAsync("7");
            _clock.Advance(refusal.Headers.RetryAfter!.Delta!.Value);
        }
    }

    private Task<RunningService> StartAsync(RateLimitFault fault) =>
        RunningService.StartAsync(new IssuerServiceScript { Faults = [fault], TimeProvider = _clock });

    private static async Task<int> GrantedOfAsync(RunningService running, int requests)
    {
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, requests).Select(n => running.StatusAsync($"{n}")));
        statuses.Should().OnlyContain(status => status == 200 || status == 429);
        return statuses.Count(status => status == 200);
    }

    private static async Task<string> HeadersAsync(RunningService running)
    {
        using HttpResponseMessage response = await running.GetAsync("7");
        return string.Join(" | ", response.Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {header.Value.Single()}"));
    }
}
