using System.Globalization;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Documentation;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>A service that is slow is not down, in virtual time.</summary>
[Collection<EventClock.Alone>]
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

    private async Task<EnrichmentReport> RunAsync(int ids, Func<int, int, TimeSpan> latency)
    {
        ScriptedIssuerClient client = new(async (id, attempt, cancellationToken) =>
        {
            await Task.Delay(latency(int.Parse(id, CultureInfo.InvariantCulture), attempt), _clock, cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(_logger));
        IEnrichmentRun run = IssuerEnricher.Create(client, new() { Timeout = new() { Attempt = TimeSpan.FromSeconds(10) } }, _clock, loggers)
            .Stream(Enumerable.Range(1, ids).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        Task<List<EnrichmentOutcome>> outcomes = run.ToListAsync().AsTask();

        await _clock.RunAsync(outcomes);

        (await outcomes).Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        _logger.Lines.Should().NotContain(line => line.Contains("down"));
        return run.Report;
    }
}
