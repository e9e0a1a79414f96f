using System.Globalization;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Documentation;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A service that is slow is not down, in virtual time.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class SlowServiceTests : IDisposable
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private readonly EventClock _clock = new();
    private readonly RecordingLogger _logger = new();

    public void Dispose() => _logger.Dispose();

    [Fact]
    public async Task One_slow_answer_in_thirty_three_costs_little_more_than_its_time()
    {
        EnrichmentReport report = await RunAsync(1_000, (id, attempt) => id % 33 == 0 ? Slow : Fast);

        report.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(18), "30 answers of 3 s, 8 at a time, take 13.3 s without any policy, and each is cut short once");
        report.Requests.Should().BeLessThanOrEqualTo(1_031);
    }

    [Fact]
    public async Task A_service_that_becomes_slow_is_not_asked_twice()
    {
        EnrichmentReport report = await RunAsync(200, (_, _) => _clock.Now < TimeSpan.FromSeconds(0.1) ? Fast : Slow);

        report.Requests.Should().BeLessThanOrEqualTo(208);
        report.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(0.1) + (Slow * Math.Ceiling(120 / 8.0)) + (2 * Slow));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Latencies_longer_than_the_interval_do_not_slow_a_configured_rate(int maxConcurrency)
    {
        // Log-normal with a median of 50 ms, the interval of the rate; the fastest is much faster.
        TimeSpan[] latencies = [.. Enumerable.Range(1, 50).Select(i => TimeSpan.FromMilliseconds(50 * Math.Exp(0.5 * Normal(i / 51.0))))];
        new Random(1).Shuffle(latencies);

        EnrichmentReport report = await RunAsync(
            200, (id, _) => latencies[id % 50], new() { MaxConcurrency = maxConcurrency, RateLimit = RateLimit.PerSecond(20) });

        report.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(200 / 20.0 * 1.1));
    }

    // The quantile of the normal distribution, near enough (J. W. Tukey, 1960).
    private static double Normal(double p) => 4.91 * (Math.Pow(p, 0.14) - Math.Pow(1 - p, 0.14));

    private async Task<EnrichmentReport> RunAsync(int ids, Func<int, int, TimeSpan> latency, IssuerEnrichmentOptions? options = null)
    {
        ScriptedIssuerClient client = new(async (id, attempt, cancellationToken) =>
        {
            await Task.Delay(latency(int.Parse(id, CultureInfo.InvariantCulture), attempt), _clock, cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(_logger));
        IEnrichmentRun run = IssuerEnricher.Create(client, options ?? new() { Timeout = new() { Attempt = TimeSpan.FromSeconds(10) } }, _clock, loggers)
            .Stream(Enumerable.Range(1, ids).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        Task<List<EnrichmentOutcome>> outcomes = run.ToListAsync().AsTask();

        await _clock.RunAsync(outcomes);

        (await outcomes).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        _logger.Lines.Should().NotContain(line => line.Contains("down"));
        return run.Report;
    }
}
