using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>What becomes of those who want the same issuer at the same time.</summary>
public sealed class CacheStampedeTests
{
    private static readonly EnrichmentRunOptions Announced = new() { Strategy = AnnouncingStrategy.StrategyName };

    [Fact]
    public async Task Many_runs_ask_for_each_issuer_once()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client);
        string[] ids = [.. Enumerable.Range(0, 8).Select(id => $"{id}")];

        Task<List<EnrichmentOutcome>>[] runs = [.. Enumerable.Range(0, 20).Select(_ => source.BeginAsync(ids, new() { MaxConcurrency = 8 }))];
        await client.ReachAskedAsync(8);
        client.Open();
        EnrichmentOutcome[] outcomes = [.. (await Task.WhenAll(runs).WithTimeout()).SelectMany(run => run)];

        client.Asked.Should().HaveCount(8);
        outcomes.Should().HaveCount(160).And.OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
        outcomes.Count(outcome => outcome.Source == EnrichmentSource.Service && outcome.Attempts == 1).Should().Be(8);
        outcomes.Count(outcome => outcome.Source == EnrichmentSource.Cache && outcome.Attempts == 0).Should().Be(152);
    }

    [Fact]
    public async Task A_lookup_that_waits_for_another_counts_as_queued()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client);
        (Task<List<EnrichmentOutcome>> first, Task<List<EnrichmentOutcome>> second) = await BeginTwoAsync(source, client);

        source.Clock.Advance(TimeSpan.FromSeconds(3));
        client.Open();

        (await first.WithTimeout()).Single().Time.OnTheWire.Should().Be(TimeSpan.FromSeconds(3));
        (await second.WithTimeout()).Single().Time.Should().Be(new LookupTime { Queued = TimeSpan.FromSeconds(3) });
    }

    [Fact]
    public async Task A_failure_is_that_of_all_who_waited_and_of_nobody_after()
    {
        GatedIssuerClient client = new(new ScriptedIssuerClient(_ => throw ServiceFailure.Permanent()));
        await using CachedSource source = new(client);
        (Task<List<EnrichmentOutcome>> first, Task<List<EnrichmentOutcome>> second) = await BeginTwoAsync(source, client);

        client.Open();

        EnrichmentOutcome leader = (await first.WithTimeout()).Single();
        (await second.WithTimeout()).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Failed && outcome.Error!.Message == leader.Error!.Message && outcome.Attempts == 0);
        client.Asked.Should().ContainSingle();
        (await source.EnrichAsync("1")).Single().Attempts.Should().Be(1);
    }

    [Fact]
    public async Task Where_the_leader_is_cancelled_another_one_asks()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client);
        using CancellationTokenSource cancellation = new();
        (Task<List<EnrichmentOutcome>> first, Task<List<EnrichmentOutcome>> second) = await BeginTwoAsync(source, client, leaving: cancellation);

        await cancellation.CancelAsync();
        await client.ReachAskedAsync(2);
        client.Open();

        await first.Awaiting(run => run.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        (await second.WithTimeout()).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.Enriched && outcome.Source == EnrichmentSource.Service && outcome.Attempts == 1);
    }

    [Fact]
    public async Task Where_the_leader_s_deadline_comes_another_one_asks()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client);
        (Task<List<EnrichmentOutcome>> first, Task<List<EnrichmentOutcome>> second) =
            await BeginTwoAsync(source, client, new() { Deadline = TimeSpan.FromSeconds(5) });

        source.Clock.Advance(TimeSpan.FromSeconds(5));
        await client.ReachAskedAsync(2);
        client.Open();

        (await first.WithTimeout()).Single().Error!.Kind.Should().Be(EnrichmentErrorKind.Deadline);
        (await second.WithTimeout()).Single().Source.Should().Be(EnrichmentSource.Service);
    }

    [Fact]
    public async Task A_lookup_that_stops_waiting_ends_alone()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client);
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> first = source.BeginAsync(["1"]);
        await client.ReachInFlightAsync(1);
        Task<List<EnrichmentOutcome>> second = source.BeginAsync(["1"], Announced with { Stop = stop.Token });
        await source.Announcing.Waiting.WithTimeout();

        await stop.CancelAsync();

        (await second.WithTimeout()).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Stopped && outcome.Attempts == 0);
        client.Open();
        (await first.WithTimeout()).Single().Source.Should().Be(EnrichmentSource.Service);
        client.Cancelled.Should().Be(0);
    }

    [Fact]
    public async Task Blocking_calls_stay_on_the_threads_of_their_run()
    {
        BlockingIssuerClient client = new((id, _) => IssuerAnswer.Found([id]));
        await using CachedSource source = new(builder =>
        {
            builder.Services.AddSingleton(client);
            builder.AddBlockingIssuerClient<BlockingIssuerClient>();
        });
        EnrichmentRunOptions options = new() { Strategy = EnrichmentStrategyName.ThreadPool, MaxConcurrency = 4 };

        List<EnrichmentOutcome>[] runs = await Task.WhenAll(source.BeginAsync(["1", "2", "3"], options), source.BeginAsync(["3", "2", "1"], options)).WithTimeout();

        runs.SelectMany(run => run).Should().HaveCount(6).And.OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
        client.Callers.Should().HaveCount(3).And.OnlyContain(caller => !caller.IsOfSharedPool);
    }

    [Fact]
    public async Task A_request_for_many_is_for_those_that_are_not_in_the_cache()
    {
        ScriptedBatchClient client = new();
        await using CachedSource source = new(builder => builder.AddIssuerBatchClient(client));
        await source.EnrichAsync("1", "2");

        List<EnrichmentOutcome> outcomes = await source.EnrichAsync("1", "2", "3", "4");

        outcomes.Should().OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
        client.Requests.Skip(1).SelectMany(ids => ids).Should().BeEquivalentTo("3", "4");
    }

    // The second one follows the first for certain by the time that both are given back.
    private static async Task<(Task<List<EnrichmentOutcome>> First, Task<List<EnrichmentOutcome>> Second)> BeginTwoAsync(
        CachedSource source, GatedIssuerClient client, EnrichmentRunOptions? options = null, CancellationTokenSource? leaving = null)
    {
        Task<List<EnrichmentOutcome>> first = source.BeginAsync(["1"], options, leaving);
        await client.ReachInFlightAsync(1);
        Task<List<EnrichmentOutcome>> second = source.BeginAsync(["1"], Announced);
        await source.Announcing.Waiting.WithTimeout();
        return (first, second);
    }
}
