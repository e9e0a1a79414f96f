using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Enrichment;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Strategies;

/// <summary>What a run does alike under any strategy that keeps its contract.</summary>
public sealed class StrategyRunTests
{
    private const int ReadAhead = 16;

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<string, int> Strategies => new()
    {
        { EnrichmentStrategyName.Sequential, 1 },
        { EnrichmentStrategyName.ThreadPool, 4 },
        { EnrichmentStrategyName.Async, 4 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task A_deadline_ends_the_run_without_an_exception(string strategy, int limit)
    {
        GatedIssuerClient client = new();
        Task<List<EnrichmentOutcome>> run = Create(client, strategy)
            .Stream(new TrackedSource(50), new() { Deadline = TimeSpan.FromSeconds(5) }).ToListAsync(Token).AsTask();
        await client.ReachInFlightAsync(limit);

        _clock.Advance(TimeSpan.FromSeconds(5));

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();
        outcomes.Should().HaveCount(50).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
        outcomes.Sum(outcome => outcome.Attempts).Should().Be(limit);
        client.InFlight.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task A_run_that_has_ended_holds_no_outcomes(string strategy, int limit)
    {
        IEnrichmentRun run = IssuerEnricher.Create(new ScriptedIssuerClient(_ => IssuerAnswer.NotFound)).Stream(
            Enumerable.Range(0, 1_000).Select(id => $"{id}"), new() { Strategy = strategy, MaxConcurrency = limit });
        List<WeakReference> outcomes = await run.Select(outcome => new WeakReference(outcome)).ToListAsync(Token).AsTask().WithTimeout();

        GC.Collect();

        // A thread of the strategy's on its way out may have its last one still.
        outcomes.Count(outcome => outcome.IsAlive).Should().BeLessThanOrEqualTo(limit);
        run.Report.NotFound.Should().Be(1_000);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task A_stop_delivers_what_was_answered_and_ends_the_rest(string strategy, int limit)
    {
        GatedIssuerClient client = new();
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> run = Create(client, strategy)
            .Stream(new TrackedSource(50), new() { Stop = stop.Token }).ToListAsync(Token).AsTask();
        await client.ReachInFlightAsync(limit);
        client.LetOneGo();
        await client.ReachAskedAsync(limit + 1);

        await stop.CancelAsync();

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();
        outcomes.Should().HaveCount(50);
        outcomes.Should().ContainSingle(outcome => outcome.Status == EnrichmentStatus.Enriched);
        outcomes.Count(outcome => outcome.Error?.Kind == EnrichmentErrorKind.Stopped).Should().Be(49);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task A_consumer_that_leaves_half_way_leaves_nothing_running(string strategy, int limit)
    {
        GatedIssuerClient client = new();
        TrackedSource ids = new(100);
        Task leaving = LeaveAfterTheFirstAsync();
        await client.ReachInFlightAsync(limit);
        client.LetOneGo();

        await leaving.WithTimeout();

        client.InFlight.Should().Be(0);
        ids.IsDisposed.Should().BeTrue();
        client.Asked.Count.Should().BeInRange(limit, limit + 1);

        async Task LeaveAfterTheFirstAsync()
        {
            await foreach (EnrichmentOutcome _ in Create(client, strategy).Stream(ids).WithCancellation(Token))
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task Reads_ahead_of_a_slow_consumer_as_far_as_it_may_and_no_further(string strategy, int limit)
    {
        int taken = 0;
        int furthestAhead = 0;
        TrackedSource? ids = null;
        ids = new TrackedSource(100) { OnRead = () => furthestAhead = Math.Max(furthestAhead, ids!.Read + 1 - Volatile.Read(ref taken)) };

        await foreach (EnrichmentOutcome _ in Create(new EchoIssuerClient(), strategy).Stream(ids).WithCancellation(Token))
        {
            // Full at first; after that the source goes on when half of what the lookups leave is free.
            await ids.ReachAsync(taken == 0 ? ReadAhead : Math.Min(100, taken + 1 + ((ReadAhead + limit) / 2)));
            Volatile.Write(ref taken, taken + 1);
        }

        taken.Should().Be(100);

        // The outcome in the consumer's hands has made room already.
        furthestAhead.Should().BeInRange(ReadAhead, ReadAhead + 1);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task Repeated_ids_are_asked_once(string strategy, int limit)
    {
        GatedIssuerClient client = new();
        string?[] ids = [.. Enumerable.Range(0, 12).Select(index => $"{index % 3}")];
        Task<List<EnrichmentOutcome>> run = Create(client, strategy).Stream(ids).ToListAsync(Token).AsTask();
        await client.ReachAskedAsync(Math.Min(limit, 3));

        client.Open();

        List<EnrichmentOutcome> outcomes = await run.WithTimeout();
        outcomes.Should().HaveCount(12).And.OnlyContain(outcome => outcome.Isins!.Single() == ids[outcome.Position]);
        client.Asked.Should().BeEquivalentTo("0", "1", "2");
        outcomes.Count(outcome => outcome.IsShared).Should().Be(9);
    }

    [Fact]
    public async Task A_lookup_that_begins_after_the_end_of_its_run_asks_nobody()
    {
        GatedIssuerClient client = new();
        client.Open();
        using CancellationTokenSource stop = new();
        ServiceCollection services = new();
        services.AddSingleton(stop).AddIssuerEnrichment().UseStrategy<StoppingStrategy>().AddIssuerClient(client);
        await using ServiceProvider provider = services.BuildServiceProvider();

        List<EnrichmentOutcome> outcomes = await provider.GetRequiredService<IIssuerEnricher>()
            .Stream(["1", "2"], new() { Stop = stop.Token }).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().HaveCount(2).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.NotAttempted && outcome.Attempts == 0);
        client.Asked.Should().BeEmpty();
    }

    private IssuerEnricher Create(IIssuerClient client, string strategy) => IssuerEnricher.Create(
        client, new() { Strategy = strategy, MaxConcurrency = 4, Bounds = new() { ReadAhead = ReadAhead } }, _clock);

    /// <summary>Stops the run when it has a lookup, and runs that after all.</summary>
    private sealed class StoppingStrategy(CancellationTokenSource stop) : IEnrichmentStrategy
    {
        public string Name => "stopping";

        public async Task RunAsync(IAsyncEnumerable<IssuerLookup> lookups, int maxConcurrency, CancellationToken cancellationToken)
        {
            await foreach (IssuerLookup lookup in lookups.WithCancellation(cancellationToken))
            {
                await stop.CancelAsync();
                await lookup.RunAsync();
            }
        }
    }
}
