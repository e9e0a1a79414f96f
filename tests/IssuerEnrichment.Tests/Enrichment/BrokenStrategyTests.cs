using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace IssuerEnrichment.Tests.Enrichment;

/// <summary>A strategy that breaks its contract cannot make a run lose an input, or give one two outcomes.</summary>
public sealed class BrokenStrategyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lookup_that_is_never_run_fails()
    {
        List<EnrichmentOutcome> outcomes = await EnrichAsync(
            async lookups =>
            {
                await foreach (IssuerLookup lookup in lookups)
                {
                    if (lookup.IssuerId != "2")
                        await lookup.RunAsync();
                }
            },
            ["1", "2", "2", "3"]);

        outcomes.Select(outcome => outcome.Status).Should().Equal(
            EnrichmentStatus.Enriched, EnrichmentStatus.Failed, EnrichmentStatus.Failed, EnrichmentStatus.Enriched);
        outcomes[1].Error!.Message.Should().Be("The strategy 'broken' ended without looking the issuer up.");
    }

    [Fact]
    public async Task A_lookup_that_is_run_twice_has_one_outcome()
    {
        List<Exception?> refusals = [];

        List<EnrichmentOutcome> outcomes = await EnrichAsync(
            async lookups =>
            {
                await foreach (IssuerLookup lookup in lookups)
                {
                    await lookup.RunAsync();
                    refusals.Add(await Record.ExceptionAsync(() => lookup.RunAsync().AsTask()));
                    refusals.Add(Record.Exception(() => lookup.Run(() => { })));
                }
            },
            ["1", "2"]);

        outcomes.Should().HaveCount(2).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched && outcome.Attempts == 1);
        refusals.Should().HaveCount(4).And.AllBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task A_strategy_that_throws_ends_the_run_with_its_exception_after_an_outcome_for_every_input_read()
    {
        List<EnrichmentOutcome> outcomes = [];

        Func<Task> run = () => EnrichAsync(
            async lookups =>
            {
                await foreach (IssuerLookup lookup in lookups)
                {
                    if (lookup.IssuerId == "2")
                        throw new NotSupportedException();
                    await lookup.RunAsync();
                }
            },
            ["1", "2", "3"],
            outcomes);

        await run.Should().ThrowAsync<NotSupportedException>();
        outcomes.Select(outcome => outcome.Status).Should().Equal(EnrichmentStatus.Enriched, EnrichmentStatus.Failed);
    }

    [Fact]
    public async Task A_strategy_that_stops_before_the_last_input_does_not_pass_for_a_complete_run()
    {
        List<EnrichmentOutcome> outcomes = [];

        Func<Task> run = () => EnrichAsync(
            async lookups => await (await lookups.FirstAsync(Token)).RunAsync(), ["1", "2", "3"], outcomes);

        (await run.Should().ThrowAsync<InvalidOperationException>())
            .WithMessage("The strategy 'broken' ended before the sequence of lookups did.");
        outcomes.Should().ContainSingle();
    }

    [Fact]
    public async Task A_strategy_that_does_not_wait_for_its_lookups_loses_none()
    {
        List<EnrichmentOutcome> outcomes = await EnrichAsync(
            async lookups =>
            {
                await foreach (IssuerLookup lookup in lookups)
                    _ = Task.Run(() => lookup.RunAsync().AsTask(), Token);
            },
            [.. Enumerable.Range(0, 200).Select(id => $"{id}")]);

        outcomes.Should().HaveCount(200).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.Enriched || outcome.Error!.Kind == EnrichmentErrorKind.Fault);
    }

    [Fact]
    public async Task A_strategy_that_reads_the_sequence_twice_reads_every_input_once()
    {
        List<EnrichmentOutcome> outcomes = [];

        Func<Task> run = () => EnrichAsync(
            async lookups =>
            {
                for (int round = 0; round < 2; round++)
                {
                    await foreach (IssuerLookup lookup in lookups)
                        await lookup.RunAsync();
                }
            },
            ["1", "2"],
            outcomes);

        await run.Should().ThrowAsync<InvalidOperationException>();
        outcomes.Select(outcome => outcome.Position).Should().Equal(0, 1);
    }

    [Fact]
    public async Task A_strategy_that_returns_no_task_ends_the_run()
    {
        IEnrichmentStrategy strategy = Substitute.For<IEnrichmentStrategy>();
        strategy.Name.Returns("broken");
        strategy.RunAsync(default!, default, Token).ReturnsForAnyArgs((Task)null!);

        Func<Task> run = () => EnrichAsync(strategy, ["1"], []);

        await run.Should().ThrowAsync<Exception>();
    }

    private static async Task<List<EnrichmentOutcome>> EnrichAsync(
        Func<IAsyncEnumerable<IssuerLookup>, Task> strategy, string?[] ids, List<EnrichmentOutcome>? outcomes = null)
    {
        outcomes ??= [];
        IEnrichmentStrategy broken = Substitute.For<IEnrichmentStrategy>();
        broken.Name.Returns("broken");
        broken.RunAsync(default!, default, Token).ReturnsForAnyArgs(call => strategy(call.Arg<IAsyncEnumerable<IssuerLookup>>()));
        await EnrichAsync(broken, ids, outcomes);
        return outcomes;
    }

    private static async Task EnrichAsync(IEnrichmentStrategy strategy, string?[] ids, List<EnrichmentOutcome> outcomes)
    {
        await using Source source = Source.Of(
            builder =>
            {
                builder.Services.AddSingleton(strategy);
                builder.AddIssuerClient(new EchoIssuerClient());
            },
            options => options.Strategy = "broken");
        await CollectAsync().WithTimeout();

        async Task CollectAsync()
        {
            await foreach (EnrichmentOutcome outcome in source.Enricher.Stream(ids, new() { Ordered = true }).WithCancellation(Token))
                outcomes.Add(outcome);
        }
    }
}
