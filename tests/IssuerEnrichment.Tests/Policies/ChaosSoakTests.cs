using System.Globalization;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;

namespace IssuerEnrichment.Tests.Policies;

/// <summary>Much chaos for a long time, under each strategy. <see cref="Soak"/> says how to run it for longer.</summary>
public sealed class ChaosSoakTests
{
    private const int Speed = 5_000;
    private const int MaxConcurrency = 8;

    private readonly HastyClock _clock = new(Speed);
    private readonly AttemptWatch _watch = new();
    private readonly Chaos _chaos = new();

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential, false)]
    [InlineData(EnrichmentStrategyName.ThreadPool, false)]
    [InlineData(EnrichmentStrategyName.ThreadPool, true)]
    [InlineData(EnrichmentStrategyName.Async, false)]
    public async Task Every_input_is_accounted_for_in_every_case(string strategy, bool isBlocking)
    {
        string?[] ids = [.. IdsFrom(Soak.FirstSeed, Soak.Issuers(ordinarily: 1_000))];
        using CancellationTokenSource timeout = Soak.Timeout(ids.Length);
        List<EnrichmentOutcome> outcomes;
        IEnrichmentRun run;
        await using (Source source = SourceOf(strategy, isBlocking))
        {
            run = source.Enricher.Stream(ids);
            outcomes = await run.ToListAsync(timeout.Token);
        }

        outcomes.Select(outcome => outcome.Position).Order().Should().Equal(Enumerable.Range(0, ids.Length).Select(position => (long)position));
        outcomes.Select(outcome => ProblemOf(outcome, ids[outcome.Position])).OfType<string>().Should().BeEmpty();
        run.Report.IsBalanced.Should().BeTrue();
        (run.Report.Enriched, run.Report.NotFound, run.Report.Invalid, run.Report.Failed, run.Report.NotAttempted).Should().Be(
            (Count(EnrichmentStatus.Enriched), Count(EnrichmentStatus.NotFound), Count(EnrichmentStatus.Invalid), Count(EnrichmentStatus.Failed), 0));
        run.Report.Enriched.Should().BeGreaterThan(ids.Length * 8 / 10);
        _watch.MostInFlight.Should().BeLessThanOrEqualTo(strategy == EnrichmentStrategyName.Sequential ? 1 : MaxConcurrency);
        _watch.InFlight.Should().Be(0);
        _clock.Timers.Should().Be(0);

        long Count(EnrichmentStatus status) => outcomes.Count(outcome => outcome.Status == status);
    }

    // Some come twice, near by or far away; some are none.
    private static IEnumerable<string?> IdsFrom(int first, int count) => Enumerable.Range(0, count).Select(index =>
        index % 97 == 0 ? " " : (first + (index % 10 == 7 ? index / 2 : index)).ToString(CultureInfo.InvariantCulture));

    private static string? ProblemOf(EnrichmentOutcome outcome, string? id)
    {
        string? problem = outcome switch
        {
            _ when outcome.IssuerId != id => "has the outcome of another",
            { Status: EnrichmentStatus.Enriched } => outcome.Isins is [var isin] && isin == id ? null : "has ISINs of another",
            { Isins: not null } => "has ISINs, but is not enriched",
            { Status: EnrichmentStatus.Invalid } => string.IsNullOrWhiteSpace(id) ? null : "is called invalid",
            { Status: EnrichmentStatus.NotAttempted } => "was left out",
            { Error: null or { Kind: EnrichmentErrorKind.Fault } } => "failed in a way that this chaos does not",
            _ => null,
        };
        return problem is null ? null : $"Issuer {id} {problem}; to begin there, set ISSUER_ENRICHMENT_SEED={id}. {outcome.Status}: {outcome.Error}";
    }

    private Source SourceOf(string strategy, bool isBlocking) => Source.Of(
        builder => (isBlocking ? builder.AddBlockingIssuerClient<BlockingEcho>() : builder.AddIssuerClient(new EchoIssuerClient()))
            .AddAttemptPolicy(_watch.AddTo)
            .AddAttemptPolicy(_chaos.AddTo),
        options =>
        {
            options.Strategy = strategy;
            options.MaxConcurrency = MaxConcurrency;
            options.Timeout = new() { Attempt = Speed * TimeSpan.FromMilliseconds(50), Lookup = TimeSpan.FromDays(1) };
            options.Gate.Patience = TimeSpan.FromDays(30);
        },
        _clock);

    private sealed class BlockingEcho : IBlockingIssuerClient
    {
        public IssuerAnswer GetIsins(string issuerId, CancellationToken cancellationToken) => IssuerAnswer.Found([issuerId]);
    }
}
