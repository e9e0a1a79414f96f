using System.Diagnostics;
using System.Globalization;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static IssuerEnrichment.Tests.Gate.SimulatedService;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>All policies together, for an hour, as the service sees them.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class VirtualHourTests
{
    // More than can fail before the last good answer of a service that goes down is here: only others then make it an outage.
    private const int MaxConcurrency = 16;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = Second * 1.01 / 2;
    private static readonly TimeSpan ProbeDelay = TimeSpan.FromSeconds(2);

    private readonly EventClock _clock = new();
    private readonly SimulatedService _service;

    public VirtualHourTests() => _service = new SimulatedService(_clock);

    [Fact]
    public async Task An_hour_of_a_limited_failing_service_passes_in_virtual_time()
    {
        long startedAt = Stopwatch.GetTimestamp();
        EnrichmentReport report = await RunAsync();
        IReadOnlyList<SimulatedRequest> requests = _service.Requests;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{requests.Count} requests in {report.Elapsed} took {Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds:0} ms; "
            + $"their times are {requests.Aggregate(0L, (hash, request) => unchecked((hash * 31) + request.At.Ticks)):X}");

        report.Elapsed.Should().BeGreaterThan(TimeSpan.FromHours(1));
        NoWindowHoldsMoreThanTheLimit(requests);
        NoneIsSentWhileTheServiceAsksToBeLeftAlone(requests);
        FewAreRefusedWhileTheServiceGrantsLess(requests);
        OnlyProbesAreSentWhileTheServiceIsDown(requests);
        TheLimitIsUsedWheneverTheServiceIsWell(requests);
        EachIssuerIsEnriched(report);
    }

    private static void NoWindowHoldsMoreThanTheLimit(IReadOnlyList<SimulatedRequest> requests) =>
        requests.Zip(requests.Skip(2), (first, third) => third.At - first.At).Min().Should().BeGreaterThanOrEqualTo(2 * Interval);

    private static void NoneIsSentWhileTheServiceAsksToBeLeftAlone(IReadOnlyList<SimulatedRequest> requests)
    {
        SimulatedRequest[] refusals = [.. requests.Where(request => request.Status == 429)];
        refusals.Should().NotBeEmpty();
        foreach (TimeSpan refusedAt in refusals.Select(refusal => refusal.AnsweredAt))
        {
            requests.Where(request => request.At > refusedAt && request.At < refusedAt + RetryAfter)
                .Should().BeEmpty("the service refused at {0}", refusedAt);
        }
    }

    private static void FewAreRefusedWhileTheServiceGrantsLess(IReadOnlyList<SimulatedRequest> requests) =>
        Within(requests, Scarcity).Average(request => request.Status == 429 ? 1.0 : 0).Should().BeLessThan(0.15);

    private static void OnlyProbesAreSentWhileTheServiceIsDown(IReadOnlyList<SimulatedRequest> requests)
    {
        const int failuresInARow = 5;
        const int firstProbes = 14; // Before they are as far apart as they get.
        Within(requests, new Phase(Outage.From, Outage.From + (30 * Second))).Count()
            .Should().BeLessThanOrEqualTo(failuresInARow + firstProbes + (int)(30 * Second / ProbeDelay), "a few failures make an outage");

        SimulatedRequest[] probes = [.. Within(requests, new Phase(Outage.From + (30 * Second), Outage.To))];
        probes.Zip(probes.Skip(1), (one, next) => next.At - one.AnsweredAt).Should()
            .OnlyContain(pause => pause >= ProbeDelay && pause <= (ProbeDelay * 1.1) + Interval).And.HaveCountGreaterThan(200);
        requests.First(request => request.At >= Outage.To).At.Should().BeLessThan(Outage.To + (ProbeDelay * 1.1) + Interval);
    }

    private static void TheLimitIsUsedWheneverTheServiceIsWell(IReadOnlyList<SimulatedRequest> requests)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1);
        Phase[] well = [new(TimeSpan.Zero, Scarcity.From), new(Scarcity.To + minute, Outage.From), new(Outage.To + minute, 60 * minute)];
        foreach (Phase phase in well)
            (Within(requests, phase).Count() * Interval / (phase.To - phase.From)).Should().BeGreaterThan(0.98);
    }

    private static void EachIssuerIsEnriched(EnrichmentReport report)
    {
        report.Inputs.Should().BeGreaterThan(5_000);
        report.Enriched.Should().Be(report.Inputs);
    }

    private static IEnumerable<SimulatedRequest> Within(IReadOnlyList<SimulatedRequest> requests, Phase phase) =>
        requests.Where(request => phase.Contains(request.At));

    private async Task<EnrichmentReport> RunAsync()
    {
        SourceEnvironment environment = new(
            _clock, new Random(1).NextDouble, new EnrichmentTelemetry(null, NullLogger<IssuerEnricher>.Instance, source: ""));
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(_service).Services.AddKeyedSingleton(builder.Name, environment),
            options =>
            {
                options.MaxConcurrency = MaxConcurrency;
                options.RateLimit = RateLimit.PerSecond(2);
                options.Timeout = new() { Attempt = EventClock.LongWait, Lookup = TimeSpan.FromDays(1) };
                options.Gate = new() { MaxProbeDelay = ProbeDelay, Patience = TimeSpan.FromMinutes(10) };
            },
            _clock);
        IEnrichmentRun run = source.Enricher.Stream(ForAnHour());
        Task<int> outcomes = run.CountAsync(TestContext.Current.CancellationToken).AsTask();
        await _clock.RunAsync(outcomes);
        (await outcomes).Should().Be((int)run.Report.Inputs);
        return run.Report;
    }

    private IEnumerable<string> ForAnHour()
    {
        for (int id = 1; _clock.Now < TimeSpan.FromHours(1); id++)
            yield return id.ToString(CultureInfo.InvariantCulture);
    }
}
