using IssuerEnrichment.Strategies;
using IssuerEnrichment.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using ParallelStrategy = IssuerEnrichment.Tests.Documentation.StrategySnippets.ParallelStrategy;

namespace IssuerEnrichment.Tests.Testing.Strategies;

/// <summary>Our strategies keep the contract, and each of those that break it breaks the rule meant for it, and no other.</summary>
public sealed class EnrichmentStrategyContractTests
{
    public static IEnumerable<TheoryDataRow<IEnrichmentStrategy, int, StrategyRule>> GoodOnes =>
        from strategy in new (IEnrichmentStrategy Good, int Limit)[]
        {
            (new SequentialStrategy(), 1),
            (new ThreadPoolStrategy(NullLogger<ThreadPoolStrategy>.Instance), 1),
            (new ThreadPoolStrategy(NullLogger<ThreadPoolStrategy>.Instance), 4),
            (new AsyncStrategy(), 1),
            (new AsyncStrategy(), 4),
            (new ParallelStrategy(), 1),
            (new ParallelStrategy(), 4),
        }
        from rule in EnrichmentStrategyContract.Rules
        select new TheoryDataRow<IEnrichmentStrategy, int, StrategyRule>(strategy.Good, strategy.Limit, rule);

    public static TheoryData<IEnrichmentStrategy, string> BrokenOnes => new()
    {
        { BrokenStrategy.ThatForgets, "Every lookup is run, so each input has one outcome." },
        { BrokenStrategy.ThatRunsOneAtATime, "Lookups run at the maximum concurrency." },
        { BrokenStrategy.ThatExceeds, "Lookups never exceed the maximum concurrency." },
        { BrokenStrategy.ThatHoards, "The next lookup is taken only when it can be started." },
        { BrokenStrategy.ThatSwallows, "A sequence that throws ends the run with its exception." },
        { BrokenStrategy.ThatReturnsEarly, "The strategy returns only when every lookup that it started has ended." },
        { BrokenStrategy.ThatDoesNotDispose, "The sequence is disposed of, however the run ends." },
    };

    public static TheoryData<IEnrichmentStrategy, string, string> ThoroughlyBrokenOnes => new()
    {
        {
            BrokenStrategy.ThatRepeats,
            "No lookup is run twice.",
            "The run ended with InvalidOperationException: The strategy 'repeats' ran a lookup twice."
        },
        {
            BrokenStrategy.ThatReadsInTwoPlaces,
            "The sequence is enumerated once, without concurrent reads.",
            "The sequence of lookups was read concurrently."
        },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(GoodOnes))]
    public async Task The_contract_is_kept_by(IEnrichmentStrategy strategy, int limit, StrategyRule rule) =>
        (await Record.ExceptionAsync(() => rule.VerifyAsync(strategy, new() { MaxConcurrency = limit }, Token))).Should().BeNull();

    [Theory]
    [MemberData(nameof(BrokenOnes))]
    public async Task The_contract_is_broken_in_one_rule_by(IEnrichmentStrategy strategy, string rule) =>
        (await FindBreachesAsync(strategy)).Should().ContainSingle().Which.Rule.Sentence.Should().Be(rule);

    [Theory]
    [MemberData(nameof(ThoroughlyBrokenOnes))]
    public async Task The_contract_is_broken_in_this_rule_among_others_by(IEnrichmentStrategy strategy, string sentence, string breach)
    {
        StrategyRule rule = EnrichmentStrategyContract.Rules.Single(rule => rule.Sentence == sentence);

        Func<Task> verify = () => rule.VerifyAsync(strategy, cancellationToken: Token);

        (await verify.Should().ThrowAsync<StrategyContractException>()).Which.Breach.Should().Be(breach);
    }

    [Fact]
    public async Task The_message_says_which_rule_is_broken_and_what_to_correct()
    {
        Func<Task> verify = () => EnrichmentStrategyContract.VerifyAsync(BrokenStrategy.ThatForgets, cancellationToken: Token);

        (await verify.Should().ThrowAsync<StrategyContractException>()).WithMessage(
            "The strategy 'forgets' breaks the rule \"Every lookup is run, so each input has one outcome.\" "
            + "Of 200 lookups it did not run 1, such as number 100. Run every lookup that the sequence gives, and the last ones too.");
    }

    [Fact]
    public async Task Is_verified_as_a_whole_under_a_limit_of_ones_own() =>
        (await Record.ExceptionAsync(() => EnrichmentStrategyContract.VerifyAsync(new AsyncStrategy(), new() { MaxConcurrency = 16 }, Token))).Should().BeNull();

    [Fact]
    public async Task A_verification_that_is_cancelled_finds_no_breach()
    {
        Func<Task> verify = () => EnrichmentStrategyContract.VerifyAsync(new AsyncStrategy(), cancellationToken: new CancellationToken(true));

        await verify.Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task<List<StrategyContractException>> FindBreachesAsync(IEnrichmentStrategy strategy)
    {
        // So long a test waits for what a strategy does not do.
        StrategyContractOptions options = new() { Patience = TimeSpan.FromSeconds(2) };
        List<StrategyContractException> breaches = [];
        foreach (StrategyRule rule in EnrichmentStrategyContract.Rules)
        {
            if (await Record.ExceptionAsync(() => rule.VerifyAsync(strategy, options, Token)) is { } breach)
                breaches.Add(breach.Should().BeOfType<StrategyContractException>().Subject);
        }

        return breaches;
    }
}
