using System.Globalization;
using CsCheck;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Batching;

/// <summary>What holds for any issuers that spoil a batch, any size of batch and any way to run.</summary>
public sealed class BatchProperties
{
    private static readonly Gen<Behaviour[]> Service = Gen.Frequency(
        (6, Gen.Const(Behaviour.Answers)),
        (1, Gen.Const(Behaviour.KnowsNothing)),
        (1, Gen.Const(Behaviour.IsLeftOut)),
        (1, Gen.Const(Behaviour.SpoilsItsBatch))).Array[0, 40];

    private static readonly Gen<(int MaxSize, int Most, int Concurrency, string Strategy)> Way = Gen.Select(
        Gen.Int[1, 60],
        Gen.Int[1, 60],
        Gen.Int[1, 4],
        Gen.Int[0, 2].Select(index => new[] { EnrichmentStrategyName.Sequential, EnrichmentStrategyName.ThreadPool, EnrichmentStrategyName.Async }[index]));

    public enum Behaviour
    {
        Answers,
        KnowsNothing,
        IsLeftOut,
        SpoilsItsBatch,
    }

    [Fact]
    public async Task Only_the_bad_issuers_fail() =>
        await Gen.Select(Service, Way).SampleAsync((service, way) => CheckAsync(service, way), iter: 300, threads: 1);

    private static async Task CheckAsync(Behaviour[] service, (int MaxSize, int Most, int Concurrency, string Strategy) way)
    {
        ScriptedBatchClient client = new(ids =>
            ids.Length > way.Most ? throw ScriptedBatchClient.Status(413)
            : ids.Any(id => Of(id) == Behaviour.SpoilsItsBatch) ? throw ScriptedBatchClient.BadRequest()
            : ids.Where(id => Of(id) != Behaviour.IsLeftOut)
                .ToDictionary(id => id, id => Of(id) == Behaviour.KnowsNothing ? IssuerAnswer.NotFound : IssuerAnswer.Found([id])));
        using IssuerEnricher enricher = IssuerEnricher.Create(client, new()
        {
            Strategy = way.Strategy,
            MaxConcurrency = way.Concurrency,
            Batch = new() { MaxSize = way.MaxSize, MaxWait = TimeSpan.Zero, BisectionBudget = 2 },
        });
        IEnrichmentRun run = enricher.Stream(Enumerable.Range(0, service.Length).Select(number => number.ToString(CultureInfo.InvariantCulture)));

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();

        outcomes.Select(outcome => outcome.Position).Order().Should().Equal(Enumerable.Range(0, service.Length).Select(position => (long)position));
        foreach (EnrichmentOutcome outcome in outcomes.Where(outcome => !IsForTheBudget(outcome)))
            (outcome.Status, outcome.Error?.HttpStatus).Should().Be(Expected(Of(outcome.IssuerId!)));
        if (way.MaxSize >= service.Length)
            outcomes.Should().NotContain(outcome => IsForTheBudget(outcome), "one whole batch can be taken apart");

        client.Sizes.Should().NotContain(size => size > way.MaxSize);
        client.Sizes.Count(size => size > way.Most).Should().BeLessThanOrEqualTo(6 * way.Concurrency, "it is remembered");
        run.Report.Requests.Should().Be(client.Requests.Count);
        run.Report.IsBalanced.Should().BeTrue();

        Behaviour Of(string id) => service[int.Parse(id, CultureInfo.InvariantCulture)];
    }

    private static bool IsForTheBudget(EnrichmentOutcome outcome) =>
        outcome.Error?.Message.Contains("Batch.BisectionBudget", StringComparison.Ordinal) == true;

    private static (EnrichmentStatus Status, int? HttpStatus) Expected(Behaviour behaviour) => behaviour switch
    {
        Behaviour.Answers => (EnrichmentStatus.Enriched, null),
        Behaviour.KnowsNothing => (EnrichmentStatus.NotFound, null),
        Behaviour.IsLeftOut => (EnrichmentStatus.Failed, null),
        _ => (EnrichmentStatus.Failed, 400),
    };
}
