using System.Globalization;
using CsCheck;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Gate;

/// <summary>Bad issuers fail alone, however many there are and whenever they come, in virtual time.</summary>
[Collection<EventClock.NonParallelTests>]
public sealed class BadIssuerTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(1);

    public enum Fault
    {
        Status500,
        Hangs,
        Resets,
    }

    public enum Order
    {
        First,
        Last,
        Together,
        Mixed,
    }

    [Theory]
    [InlineData(24, 1_024, 8, Fault.Status500, Order.First)]
    [InlineData(24, 1_024, 1, Fault.Status500, Order.First)]
    [InlineData(24, 1_024, 64, Fault.Status500, Order.First)]
    [InlineData(24, 1_024, 8, Fault.Status500, Order.Last)]
    [InlineData(8, 1_008, 8, Fault.Hangs, Order.First)]
    [InlineData(8, 1_008, 8, Fault.Hangs, Order.Together)]
    [InlineData(50, 1_000, 16, Fault.Hangs, Order.Mixed)]
    [InlineData(50, 1_000, 16, Fault.Hangs, Order.Last)]
    [InlineData(30, 1_000, 32, Fault.Hangs, Order.Mixed)]
    [InlineData(500, 1_000, 8, Fault.Status500, Order.First)]
    [InlineData(500, 1_000, 64, Fault.Resets, Order.Mixed)]
    [InlineData(1, 1, 8, Fault.Status500, Order.First)]
    [InlineData(5, 5, 8, Fault.Status500, Order.First, EnrichmentStatus.NotAttempted)]
    public async Task Bad_issuers_take_no_healthy_issuer_with_them(
        int bad, int all, int maxConcurrency, Fault fault, Order order, EnrichmentStatus verdict = EnrichmentStatus.Failed) =>
        await CheckAsync(new Case(bad, all, maxConcurrency, fault, order, Seed: 1), verdict);

    [Fact]
    public async Task Bad_issuers_fail_alone_in_any_share_and_order() => await (
        from all in Gen.Int[50, 400]
        from share in Gen.Double[0, 0.5]
        from maxConcurrency in Gen.Int[1, 64]
        from fault in Gen.Enum<Fault>()
        from order in Gen.Enum<Order>()
        from seed in Gen.Int[0, 1_000]
        select new Case((int)(share * all), all, maxConcurrency, fault, order, seed))
        .SampleAsync(drawn => CheckAsync(drawn, EnrichmentStatus.Failed), iter: 200, threads: 1);

    [Fact]
    public async Task Bad_issuers_in_batches_fail_alone_in_any_share_and_order() => await (
        from all in Gen.Int[50, 400]
        from share in Gen.Double[0, 0.5]
        from maxConcurrency in Gen.Int[1, 16]
        from fault in Gen.Enum<Fault>()
        from order in Gen.Enum<Order>()
        from seed in Gen.Int[0, 1_000]
        select new Case((int)(share * all), all, maxConcurrency, fault, order, seed) { BatchSize = 10 })
        .SampleAsync(drawn => CheckAsync(drawn, EnrichmentStatus.Failed), iter: 100, threads: 1);

    private static async Task CheckAsync(Case drawn, EnrichmentStatus verdict)
    {
        EventClock clock = new();
        HashSet<string> bad = drawn.BadIds();
        int requests = 0;
        async Task AskAsync(bool isBad, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref requests);
            await Task.Delay(isBad && drawn.Fault == Fault.Hangs ? EventClock.LongWait : Latency, clock, cancellationToken);
            if (isBad)
                throw drawn.Fault == Fault.Resets ? new IOException("Connection reset.") : ServiceFailure.Transient();
        }

        ScriptedIssuerClient client = new(async (id, _, cancellationToken) =>
        {
            await AskAsync(bad.Contains(id), cancellationToken);
            return IssuerAnswer.Found([id]);
        });
        ScriptedBatchClient batchClient = new(async (ids, cancellationToken) =>
        {
            await AskAsync(ids.Any(bad.Contains), cancellationToken);
            return ScriptedBatchClient.Echo(ids);
        });
        IssuerEnrichmentOptions options = new()
        {
            MaxConcurrency = drawn.MaxConcurrency,
            Timeout = new() { Attempt = AttemptTimeout },
            Retry = new() { MaxAttempts = 3, Budget = 10 }, // What the budget puts off is not the gate's doing.
            Batch = new() { MaxSize = drawn.BatchSize ?? 1 },
        };
        using IssuerEnricher enricher = drawn.BatchSize is null
            ? IssuerEnricher.Create(client, options, clock)
            : IssuerEnricher.Create(batchClient, options, clock);
        Task<List<EnrichmentOutcome>> run = enricher.Stream(drawn.Ids()).ToListAsync().AsTask();

        await clock.RunAsync(run);

        List<EnrichmentOutcome> outcomes = await run;
        string told = $"{drawn}: {clock.Now.TotalSeconds:0.0} s, {requests} requests";
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        outcomes.Should().HaveCount(drawn.All);
        outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Enriched).Should().HaveCount(drawn.All - drawn.Bad, told);
        outcomes.Where(outcome => bad.Contains(outcome.IssuerId!)).Count(outcome => outcome.Status == verdict).Should().Be(drawn.Bad, told);
        if (verdict == EnrichmentStatus.Failed && drawn.BatchSize is null)
            clock.Now.Should().BeLessThan((1.5 * drawn.Ideal()) + drawn.Allowance(), told);
    }

    internal sealed record Case(int Bad, int All, int MaxConcurrency, Fault Fault, Order Order, int Seed)
    {
        public int? BatchSize { get; init; }

        public IEnumerable<string> Ids() => Enumerable.Range(0, All).Select(id => id.ToString(CultureInfo.InvariantCulture));

        public HashSet<string> BadIds()
        {
            int[] positions = [.. Enumerable.Range(0, All)];
            if (Order == Order.Mixed)
                new Random(Seed).Shuffle(positions);
            int skipped = Order switch
            {
                Order.Last => All - Bad,
                Order.Together => (All - Bad) / 2,
                _ => 0,
            };
            return [.. positions.Skip(skipped).Take(Bad).Select(id => id.ToString(CultureInfo.InvariantCulture))];
        }

        // The last backoffs, and a few alarms: each takes some probes, one after the other, which take as long as an attempt where they hang.
        public TimeSpan Allowance() => TimeSpan.FromSeconds(10) + (Fault == Fault.Hangs ? 8 * AttemptTimeout : TimeSpan.Zero);

        // What all attempts take, spread over the places.
        public TimeSpan Ideal() =>
            (((All - Bad) * Latency) + (3 * Bad * (Fault == Fault.Hangs ? AttemptTimeout : Latency))) / Math.Min(MaxConcurrency, All);
    }
}
