using System.Globalization;
using CsCheck;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

/// <summary>What holds for any inputs, any service and any way to run: every input is accounted for, and each outcome is correct.</summary>
public sealed class EnrichmentProperties
{
    private const int MaxAttempts = 3;

    private static readonly Gen<string?> Id = Gen.Frequency(
        (8, Gen.Int[0, 12].Select(number => (string?)number.ToString(CultureInfo.InvariantCulture))),
        (1, Among<string?>(null, "", "  ", "a\tb", new string('x', 2_000))));

    private static readonly Gen<Behaviour[]> Service = Gen.Enum<Behaviour>().Array[13];

    private static readonly Gen<(string Strategy, int Concurrency, bool Ordered, bool IsList)> Way = Gen.Select(
        Among(EnrichmentStrategyName.Sequential, EnrichmentStrategyName.ThreadPool, EnrichmentStrategyName.Async),
        Gen.Int[1, 6],
        Gen.Bool,
        Gen.Bool);

    public enum Behaviour
    {
        Answers,
        AnswersLater,
        AnswersWithNone,
        KnowsNothing,
        FailsForGood,
        FailsAlways,
        FailsOnce,
        Throws,
        GivesNoTask,
        GivesNoAnswer,
    }

    [Fact]
    public async Task Every_input_gets_exactly_one_outcome_and_the_right_one() =>
        await Gen.Select(Id.Array[0, 40], Service, Way).SampleAsync(
            (ids, service, way) => CheckAsync(ids, service, way), iter: 300, threads: 1);

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static async Task CheckAsync(
        string?[] ids, Behaviour[] service, (string Strategy, int Concurrency, bool Ordered, bool IsList) way)
    {
        ScriptedIssuerClient client = new((id, attempt, _) => AnswerAsync(BehaviourOf(id, service), id, attempt));
        using IssuerEnricher enricher = IssuerEnricher.Create(client, new()
        {
            Strategy = way.Strategy,
            MaxConcurrency = way.Concurrency,
            Retry = new() { MaxAttempts = MaxAttempts, BaseDelay = TimeSpan.Zero },
            Bounds = new() { ReadAhead = way.Concurrency },
            Gate = new() { FailuresInARow = 1_000 },
        });
        EnrichmentRunOptions options = new() { Ordered = way.Ordered };
        IEnrichmentRun run = way.IsList ? enricher.Stream(ids, options) : enricher.Stream(new TrackedSource(ids), options);

        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();

        outcomes.Select(outcome => outcome.Position).Order().Should().Equal(Enumerable.Range(0, ids.Length).Select(position => (long)position));
        if (way.Ordered)
            outcomes.Should().BeInAscendingOrder(outcome => outcome.Position);
        foreach (EnrichmentOutcome outcome in outcomes)
        {
            outcome.IssuerId.Should().Be(ids[outcome.Position]);
            (outcome.Status, outcome.Attempts).Should().Be(Expected(outcome.IssuerId, service));
            (outcome.Isins is null).Should().Be(outcome.Status != EnrichmentStatus.Enriched);
            (outcome.Error is null).Should().Be(outcome.Status == EnrichmentStatus.Enriched);
        }

        EnrichmentReport report = run.Report;
        report.IsBalanced.Should().BeTrue();
        report.Inputs.Should().Be(ids.Length);
        report.Requests.Should().Be(client.Attempts);
        report.Lookups.Should().Be(ids.Distinct().Count(id => Expected(id, service).Attempts > 0));
        int canaries = ids.Distinct().Count(id => Expected(id, service) == (EnrichmentStatus.Failed, MaxAttempts));
        (report.Requests - report.Lookups - report.Retries).Should().BeInRange(0, canaries, "one that was answered is asked again at most for each that fails");
    }

    private static Behaviour BehaviourOf(string id, Behaviour[] service) => service[int.Parse(id, CultureInfo.InvariantCulture)];

    private static (EnrichmentStatus Status, int Attempts) Expected(string? id, Behaviour[] service) =>
        !int.TryParse(id, CultureInfo.InvariantCulture, out _) ? (EnrichmentStatus.Invalid, 0) : BehaviourOf(id, service) switch
        {
            Behaviour.Answers or Behaviour.AnswersLater or Behaviour.AnswersWithNone => (EnrichmentStatus.Enriched, 1),
            Behaviour.FailsOnce => (EnrichmentStatus.Enriched, 2),
            Behaviour.KnowsNothing => (EnrichmentStatus.NotFound, 1),
            Behaviour.FailsAlways => (EnrichmentStatus.Failed, MaxAttempts),
            _ => (EnrichmentStatus.Failed, 1),
        };

    private static Task<IssuerAnswer> AnswerAsync(Behaviour behaviour, string id, int attempt) => behaviour switch
    {
        Behaviour.AnswersLater => AnswerLaterAsync(id),
        Behaviour.AnswersWithNone => Task.FromResult(IssuerAnswer.Found([])),
        Behaviour.KnowsNothing => Task.FromResult(IssuerAnswer.NotFound),
        Behaviour.FailsForGood => Task.FromException<IssuerAnswer>(ServiceFailure.Permanent()),
        Behaviour.FailsAlways => Task.FromException<IssuerAnswer>(ServiceFailure.Transient()),
        Behaviour.FailsOnce when attempt == 1 => throw ServiceFailure.Transient(),
        Behaviour.Throws => throw new NotSupportedException(),
        Behaviour.GivesNoTask => null!,
        Behaviour.GivesNoAnswer => Task.FromResult(default(IssuerAnswer)),
        _ => Task.FromResult(IssuerAnswer.Found([id])),
    };

    private static async Task<IssuerAnswer> AnswerLaterAsync(string id)
    {
        await Task.Yield();
        return IssuerAnswer.Found([id]);
    }
}
