using System.Collections.Concurrent;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.Tests.Enrichment;

public sealed class BlockingEnrichmentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task Blocks_the_one_thread_of_a_synchronization_context_without_deadlock(string strategy)
    {
        IssuerEnricher enricher = IssuerEnricher.Create(new ScriptedIssuerClient(async (id, _, _) =>
        {
            await Task.Yield();
            return IssuerAnswer.Found([id]);
        }));
        using SingleThread thread = new();
        ConcurrentBag<int> appliedOn = [];

        (int caller, EnrichmentResult result) = await thread.InvokeAsync(() => (
            Environment.CurrentManagedThreadId,
            enricher.Enrich(
                Enumerable.Range(0, 100),
                id => $"{id}",
                (_, _) => appliedOn.Add(Environment.CurrentManagedThreadId),
                new EnrichmentRunOptions { Strategy = strategy },
                Token)));

        result.Outcomes.Should().HaveCount(100).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        appliedOn.Should().HaveCount(100).And.OnlyContain(thread => thread == caller);
        thread.Posts.Should().Be(0);
    }

    [Fact]
    public async Task Blocking_on_the_async_method_does_not_deadlock()
    {
        GatedIssuerClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(client);
        using SingleThread thread = new();

        Task<DocumentEnrichmentResult> run = thread.InvokeAsync(
            () => enricher.EnrichAsync(new IssuerDocument([new Issuer("a")]), cancellationToken: Token).GetAwaiter().GetResult());
        await client.ReachInFlightAsync(1);
        client.Open();

        (await run).Report.Enriched.Should().Be(1);
        thread.Posts.Should().Be(0);
    }

    [Fact]
    public async Task Cancellation_throws_after_everything_in_flight_has_ended()
    {
        GatedIssuerClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(client);
        using CancellationTokenSource cancellation = new();
        Task run = Task.Run(() => enricher.Enrich(["a", "b"], id => id, (_, _) => { }, null, cancellation.Token), Token);
        await client.ReachInFlightAsync(2);

        await cancellation.CancelAsync();

        await run.Awaiting(run => run.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        client.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task An_apply_that_throws_ends_everything_in_flight()
    {
        GatedIssuerClient client = new();
        IssuerEnricher enricher = IssuerEnricher.Create(client);
        Task run = Task.Run(() => enricher.Enrich(["a", "b"], id => id, (_, _) => throw new NotSupportedException(), null, Token), Token);
        await client.ReachInFlightAsync(2);

        client.LetOneGo();

        await run.Awaiting(run => run.WithTimeout()).Should().ThrowAsync<NotSupportedException>();
        client.InFlight.Should().Be(0);
    }
}
