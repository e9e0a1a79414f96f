using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>What a cache that fails does to the lookups: nothing.</summary>
public sealed class CacheFailureTests
{
    [Fact]
    public async Task A_cache_that_fails_is_told_of_once_and_the_service_is_asked()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        await using CachedSource source = new(client, cache: new BrokenCache(_ => throw new InvalidOperationException("No\nconnection.")));

        (await source.EnrichAsync("1", "2")).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Service && outcome.Isins!.Count == 1);
        (await source.EnrichAsync("1", "2")).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Service);

        client.Attempts.Should().Be(4);
        source.Log.Lines.Should().ContainSingle(line => line.Contains("cache failed", StringComparison.Ordinal))
            .Which.Should().EndWith("InvalidOperationException: No connection.");

        source.Clock.Advance(TimeSpan.FromMinutes(1));
        await source.EnrichAsync("3");
        source.Log.Lines.Count(line => line.Contains("cache failed", StringComparison.Ordinal)).Should().Be(2, "it may be another failure by then");
    }

    [Fact]
    public async Task Runs_share_a_lookup_without_the_help_of_the_cache()
    {
        GatedIssuerClient client = new();
        await using CachedSource source = new(client, cache: new BrokenCache(_ => throw new InvalidOperationException("Down.")));
        Task<List<EnrichmentOutcome>> first = source.BeginAsync(["1"]);
        await client.ReachInFlightAsync(1);
        Task<List<EnrichmentOutcome>> second = source.BeginAsync(["1"], new() { Strategy = AnnouncingStrategy.StrategyName });
        await source.Announcing.Waiting.WithTimeout();

        client.Open();

        await Task.WhenAll(first, second).WithTimeout();
        client.Asked.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cache_that_hangs_does_not_outlast_the_run_however_it_ends(bool throwsItsOwn)
    {
        TaskCompletionSource asked = new();
        await using CachedSource source = new(new EchoIssuerClient(), cache: new BrokenCache(async token =>
        {
            asked.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, token);
            }
            catch (OperationCanceledException) when (throwsItsOwn)
            {
                throw new InvalidOperationException("The connection is closed.");
            }
        }));
        Task<List<EnrichmentOutcome>> run = source.BeginAsync(["1"], new() { Deadline = TimeSpan.FromSeconds(5) });
        await asked.Task.WithTimeout();

        source.Clock.Advance(TimeSpan.FromSeconds(5));

        (await run.WithTimeout()).Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline && outcome.Attempts == 0);
        source.Log.Lines.Should().NotContain(line => line.Contains("cache failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_is_handed_out_though_it_cannot_be_kept_in_time()
    {
        TaskCompletionSource keeping = new();
        int calls = 0;
        await using CachedSource source = new(new EchoIssuerClient(), cache: new BrokenCache(token =>
        {
            if (++calls == 1)
                return Task.CompletedTask;
            keeping.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        }));
        Task<List<EnrichmentOutcome>> run = source.BeginAsync(["1"], new() { Deadline = TimeSpan.FromSeconds(5) });
        await keeping.Task.WithTimeout();

        source.Clock.Advance(TimeSpan.FromSeconds(5));

        (await run.WithTimeout()).Single().Status.Should().Be(EnrichmentStatus.Enriched);
    }
}
