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
    [InlineData(RateLimitDialect.RetryAfterMilliseconds, "", "retry-after-ms: 15000")]
    [InlineData(
        RateLimitDialect.XRateLimitResetAfter,
        "X-RateLimit-Limit: 4 | X-RateLimit-Remaining: 1 | X-RateLimit-Reset-After: 15.000",
        "X-RateLimit-Limit: 4 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset-After: 15.000")]
    public async Task Tells_its_limit_in_every_dialect(RateLimitDialect dialect, string whenGranted, string whenRefused)
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(4, TimeSpan.FromMinutes(1)) { Burst = 2, Dialect = dialect });

        (await HeadersAsync(running)).Should().Be(whenGranted);
        await running.StatusAsync("7");
        (await HeadersAsync(running)).Should().Be(whenRefused);
    }

    [Theory]
    [InlineData(RateLimitDialect.RetryAfterSeconds, "Retry-After: 0")]
    [InlineData(RateLimitDialect.RetryAfterDate, "Retry-After: Sun, 22 Nov 2026 20:00:01 GMT")]
    [InlineData(RateLimitDialect.RetryAfterMilliseconds, "retry-after-ms: 999")]
    [InlineData(RateLimitDialect.RateLimitDraft10, "RateLimit-Policy: \"default\";q=1;w=1 | RateLimit: \"default\";r=0;t=0")]
    [InlineData(RateLimitDialect.RateLimitTriple, "RateLimit-Limit: 1 | RateLimit-Remaining: 0 | RateLimit-Reset: 0")]
    [InlineData(RateLimitDialect.XRateLimitEpoch, "X-RateLimit-Limit: 1 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset: 1795377601")]
    [InlineData(RateLimitDialect.XRateLimitResetAfter, "X-RateLimit-Limit: 1 | X-RateLimit-Remaining: 0 | X-RateLimit-Reset-After: 0.999")]
    public async Task Rounds_times_down_if_told_to(RateLimitDialect dialect, string whenRefused)
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(1, TimeSpan.FromMilliseconds(999.5)) { Dialect = dialect, RoundsDown = true });
        await running.StatusAsync("7");

        (await HeadersAsync(running)).Should().Be(whenRefused);
    }

    [Fact]
    public async Task Tells_that_none_remain_on_good_answers_too_if_told_to()
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(9, TimeSpan.FromMinutes(1)) { Dialect = RateLimitDialect.RateLimitDraft10, TellsNoneRemaining = true });

        (await HeadersAsync(running)).Should().Be("RateLimit-Policy: \"default\";q=9;w=60 | RateLimit: \"default\";r=0;t=7");
    }

    [Theory]
    [InlineData(RateLimitDialect.None, "")]
    [InlineData(RateLimitDialect.RetryAfterSeconds, "Retry-After: 60")]
    public async Task Answers_another_status_with_the_same_headers(RateLimitDialect dialect, string headers)
    {
        await using RunningService running = await StartAsync(
            new RateLimitFault(1, TimeSpan.FromMinutes(1)) { Status = 503, Dialect = dialect });
        await running.StatusAsync("7");

        (await running.StatusAsync("7")).Should().Be(503);
        (await HeadersAsync(running)).Should().Be(headers);
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.SlidingWindow, "0: 200, 600: 200, 900: 429, 1000: 200, 1100: 429, 1600: 200")]
    [InlineData(RateLimitAlgorithm.FixedWindow, "0: 200, 600: 200, 900: 429, 1000: 200, 1100: 200, 1600: 429")]
    public async Task Counts_by_windows_too(RateLimitAlgorithm algorithm, string expected)
    {
        await using RunningService running = await StartAsync(new RateLimitFault(2, TimeSpan.FromSeconds(1)) { Algorithm = algorithm });

        List<string> answers = [];
        int now = 0;
        foreach (int arrival in new[] { 0, 600, 900, 1_000, 1_100, 1_600 })
        {
            _clock.Advance(TimeSpan.FromMilliseconds(arrival - now));
            now = arrival;
            answers.Add($"{arrival}: {await running.StatusAsync("7")}");
        }

        string.Join(", ", answers).Should().Be(expected);
    }

    [Fact]
    public async Task Counts_throttled_requests_and_those_that_were_in_flight()
    {
        await using RunningService running = await StartAsync(new RateLimitFault(1, TimeSpan.FromMinutes(1)) { Status = 503 });
        await GrantedOfAsync(running, 3, refusal: 503); // Two at once.
        _clock.Advance(TimeSpan.FromMilliseconds(150));
        await running.StatusAsync("7");
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await running.StatusAsync("7");

        IssuerServiceStatistics statistics = running.Service.Statistics;
        statistics.Should().BeEquivalentTo(new { Throttled = 4, ThrottledInFlight = 2, ThrottledInGrace = 3 });
    }

    [Fact]
    public async Task A_retry_at_the_stated_time_is_served()
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

    private static async Task<int> GrantedOfAsync(RunningService running, int requests, int refusal = 429)
    {
        int[] statuses = await Task.WhenAll(Enumerable.Range(0, requests).Select(n => running.StatusAsync($"{n}")));
        statuses.Should().OnlyContain(status => status == 200 || status == refusal);
        return statuses.Count(status => status == 200);
    }

    private static async Task<string> HeadersAsync(RunningService running)
    {
        using HttpResponseMessage response = await running.GetAsync("7");
        return string.Join(" | ", response.Headers.Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}: {header.Value.Single()}"));
    }
}
