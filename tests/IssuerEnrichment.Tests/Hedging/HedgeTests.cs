using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Hedging;

public sealed class HedgeTests
{
    // Saved up while the service is quick; no more is ever saved.
    private const int SavedHedges = 20;

    private readonly FakeTimeProvider _clock = new();
    private readonly IssuerEnrichmentOptions _options = new()
    {
        Hedging = new() { Enabled = true },
        // Far off, since the clock goes on while the code under test is still on its way.
        Timeout = new() { Attempt = TimeSpan.FromSeconds(30), Adaptive = false, Lookup = TimeSpan.FromDays(1) },
        Gate = new() { FailuresInARow = 1_000 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_never_ends_is_raced_and_the_loser_is_cancelled()
    {
        _options.Timeout.Attempt = TimeSpan.FromHours(1);
        LatecomerClient client = new();
        using IssuerEnricher enricher = await WarmUpAsync(client);

        EnrichmentOutcome outcome = (await RunAsync(enricher, "late")).Single();

        outcome.Isins.Should().Equal("late, request 2");
        (outcome.Attempts, outcome.Requests).Should().Be((1, 2));
        await client.ReachAllCancelledAsync();
        outcome.Time.Total.Should().BeLessThan(_options.Timeout.Attempt);
        (client.Asked("late"), client.Cancelled).Should().Be((2, 1));
    }

    [Fact]
    public async Task No_more_than_three_requests_race()
    {
        LatecomerClient client = new() { Hanging = 3 };
        using IssuerEnricher enricher = await WarmUpAsync(client);

        EnrichmentOutcome outcome = (await RunAsync(enricher, "late")).Single();

        outcome.Isins.Should().Equal("late, request 4");
        await client.ReachAllCancelledAsync(); // The clock may leap over the time in which the run waits for them.
        (outcome.Attempts, client.Cancelled).Should().Be((2, 3), "all three of the first attempt ran into its timeout");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task A_client_that_is_not_known_to_be_idempotent_is_not_asked_twice_at_once(bool? enabled)
    {
        _options.Hedging.Enabled = enabled;
        LatecomerClient client = new();
        using IssuerEnricher enricher = await WarmUpAsync(client);

        EnrichmentOutcome outcome = (await RunAsync(enricher, "late")).Single();

        (outcome.Attempts, outcome.Requests).Should().Be((2, 2), "only its timeout ends the first attempt");
        outcome.Time.Total.Should().BeGreaterThanOrEqualTo(_options.Timeout.Attempt);
    }

    [Fact]
    public async Task If_every_call_is_late_hedging_stays_within_the_budget()
    {
        LatecomerClient client = new();
        using IssuerEnricher enricher = await WarmUpAsync(client);

        List<EnrichmentOutcome> outcomes = await RunAsync(enricher, [.. Enumerable.Range(1, 200).Select(i => $"late {i}")]);

        outcomes.Should().HaveCount(200).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        outcomes.Sum(outcome => outcome.Requests - outcome.Attempts).Should().BeInRange(SavedHedges, SavedHedges + (200 / 20));
    }

    [Fact]
    public async Task Cancellation_waits_for_all_that_race()
    {
        LatecomerClient client = new() { Hanging = 2, Lingers = true };
        using IssuerEnricher enricher = await WarmUpAsync(client);
        using CancellationTokenSource cancellation = new();
        Task run = enricher.Stream(["late"]).ToListAsync(cancellation.Token).AsTask();
        await _clock.AdvanceUntilAsync(() => client.Asked("late") == 2);

        await cancellation.CancelAsync();
        await client.ReachAllCancelledAsync();
        run.IsCompleted.Should().BeFalse();
        client.LetGo();

        await run.Invoking(it => it.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
    }

    // Quick answers, so that the enricher knows what is usual; the clock stands still meanwhile.
    private async Task<IssuerEnricher> WarmUpAsync(LatecomerClient client)
    {
        IssuerEnricher enricher = IssuerEnricher.Create(client, _options, _clock);
        await enricher.Stream(Enumerable.Range(1, 1_000).Select(i => $"{i}")).ToListAsync(Token).AsTask().WithTimeout();
        return enricher;
    }

    private async Task<List<EnrichmentOutcome>> RunAsync(IssuerEnricher enricher, params string[] ids)
    {
        Task<List<EnrichmentOutcome>> run = enricher.Stream(ids).ToListAsync(Token).AsTask();
        await _clock.AdvanceUntilAsync(() => run.IsCompleted);
        return await run;
    }
}
