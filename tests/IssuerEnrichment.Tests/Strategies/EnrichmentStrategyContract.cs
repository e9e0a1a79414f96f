using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Enrichment;
using IssuerEnrichment.Tests.Registration;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Strategies;

/// <summary>What holds under any strategy.</summary>
public abstract class EnrichmentStrategyContract<TStrategy>
    where TStrategy : class, IEnrichmentStrategy
{
    private const int ReadAhead = 16;

    private readonly FakeTimeProvider _clock = new();

    /// <summary>The lookups at a time that the strategy reaches when it may run four.</summary>
    protected virtual int Limit => 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gives_one_outcome_for_each_input(bool ordered)
    {
        await using Source source = SourceOf(new EchoIssuerClient());

        List<EnrichmentOutcome> outcomes = await source.Enricher
            .Stream(new TrackedSource(300), new() { Ordered = ordered }).ToListAsync(Token).AsTask().WithFuse();

        outcomes.Select(outcome => outcome.Position).Should().BeEquivalentTo(
            Enumerable.Range(0, 300), options => ordered ? options.WithStrictOrdering() : options);
        outcomes.Should().OnlyContain(outcome => outcome.Isins!.Single() == outcome.IssuerId);
    }

    [Fact]
    public async Task Reaches_its_concurrency_limit_and_never_exceeds_it()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(new TrackedSource(25)).ToListAsync(Token).AsTask();

        await client.ReachInFlightAsync(Limit);
        for (int asked = Limit + 1; asked <= 25; asked++)
        {
            client.LetOneGo();
            await client.ReachAskedAsync(asked);
        }

        client.Open();
        (await run.WithFuse()).Should().HaveCount(25);
        client.MostInFlight.Should().Be(Limit);
    }

    [Fact]
    public async Task Honours_the_concurrency_of_one_run()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);
        Task<List<EnrichmentOutcome>> run = source.Enricher
            .Stream(new TrackedSource(3), new() { MaxConcurrency = 1 }).ToListAsync(Token).AsTask();

        for (int asked = 1; asked <= 3; asked++)
        {
            await client.ReachAskedAsync(asked);
            client.LetOneGo();
        }

        await run.WithFuse();
        client.MostInFlight.Should().Be(1);
    }

    [Fact]
    public async Task A_failed_issuer_fails_alone()
    {
        await using Source source = SourceOf(new ScriptedIssuerClient(
            id => id == "7" ? throw ServiceFailure.Permanent() : IssuerAnswer.Found([id])));

        List<EnrichmentOutcome> outcomes = await source.Enricher.Stream(new TrackedSource(20)).ToListAsync(Token).AsTask().WithFuse();

        outcomes.Should().HaveCount(20);
        outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Should().ContainSingle()
            .Which.Should().Match<EnrichmentOutcome>(outcome => outcome.IssuerId == "7" && outcome.Status == EnrichmentStatus.Failed);
    }

    [Fact]
    public async Task Cancellation_throws_only_after_everything_in_flight_has_ended()
    {
        GatedIssuerClient client = new() { Lingers = true };
        TrackedSource ids = new(100);
        await using Source source = SourceOf(client);
        using CancellationTokenSource cancellation = new();
        Task run = source.Enricher.Stream(ids).ToListAsync(cancellation.Token).AsTask();
        await client.ReachInFlightAsync(Limit);

        Task cancelling = cancellation.CancelAsync();
        await client.ReachCancelledAsync(Limit);
        for (int held = Limit; held > 0; held--)
        {
            run.IsCompleted.Should().BeFalse();
            client.LetOneGo();
        }

        await run.Awaiting(run => run.WithFuse()).Should().ThrowAsync<OperationCanceledException>();
        await cancelling.WithFuse();
        client.InFlight.Should().Be(0);
        client.Asked.Should().HaveCount(Limit);
        ids.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public async Task A_run_cancelled_before_it_begins_asks_nothing()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);

        Func<Task> run = () => source.Enricher.Stream(new TrackedSource(5)).ToListAsync(new CancellationToken(true)).AsTask().WithFuse();

        await run.Should().ThrowAsync<OperationCanceledException>();
        client.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deadline_ends_the_run_without_an_exception()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);
        Task<List<EnrichmentOutcome>> run = source.Enricher
            .Stream(new TrackedSource(50), new() { Deadline = TimeSpan.FromSeconds(5) }).ToListAsync(Token).AsTask();
        await client.ReachInFlightAsync(Limit);

        _clock.Advance(TimeSpan.FromSeconds(5));

        List<EnrichmentOutcome> outcomes = await run.WithFuse();
        outcomes.Should().HaveCount(50).And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Error!.Kind == EnrichmentErrorKind.Deadline);
        outcomes.Sum(outcome => outcome.Attempts).Should().Be(Limit);
        client.InFlight.Should().Be(0);
    }

    [Fact]
    public async Task A_stop_delivers_what_was_answered_and_ends_the_rest()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(new TrackedSource(50), new() { Stop = stop.Token }).ToListAsync(Token).AsTask();
        await client.ReachInFlightAsync(Limit);
        client.LetOneGo();
        await client.ReachAskedAsync(Limit + 1);

        await stop.CancelAsync();

        List<EnrichmentOutcome> outcomes = await run.WithFuse();
        outcomes.Should().HaveCount(50);
        outcomes.Should().ContainSingle(outcome => outcome.Status == EnrichmentStatus.Enriched);
        outcomes.Count(outcome => outcome.Error?.Kind == EnrichmentErrorKind.Stopped).Should().Be(49);
    }

    [Fact]
    public async Task An_empty_input_is_an_empty_run()
    {
        await using Source source = SourceOf(new EchoIssuerClient());
        IEnrichmentRun run = source.Enricher.Stream(new TrackedSource(0));

        (await run.ToListAsync(Token).AsTask().WithFuse()).Should().BeEmpty();

        run.Report.Should().Match<EnrichmentReport>(report => report.Inputs == 0 && report.IsBalanced);
    }

    [Fact]
    public async Task Reads_inputs_only_as_it_can_start_them()
    {
        GatedIssuerClient client = new();
        TrackedSource ids = new(Enumerable.Repeat(0, int.MaxValue).Select((_, index) => $"{index}"));
        await using Source source = SourceOf(client);
        await using IAsyncEnumerator<EnrichmentOutcome> run = source.Enricher.Stream(ids).GetAsyncEnumerator(Token);

        Task<bool> first = run.MoveNextAsync().AsTask();
        await client.ReachInFlightAsync(Limit);
        ids.Read.Should().Be(Limit);

        client.LetOneGo();
        (await first.WithFuse()).Should().BeTrue();
        await client.ReachAskedAsync(Limit + 1);
        ids.Read.Should().Be(Limit + 1);
    }

    [Fact]
    public async Task Holds_back_while_the_consumer_is_slow()
    {
        int taken = 0;
        int furthestAhead = 0;
        TrackedSource? ids = null;
        ids = new TrackedSource(100) { OnRead = () => furthestAhead = Math.Max(furthestAhead, ids!.Read + 1 - Volatile.Read(ref taken)) };
        await using Source source = SourceOf(new EchoIssuerClient());

        await foreach (EnrichmentOutcome _ in source.Enricher.Stream(ids).WithCancellation(Token))
        {
            await ids.ReachAsync(Math.Min(100, taken + 1 + ((ReadAhead + Limit) / 2)));
            Volatile.Write(ref taken, taken + 1);
        }

        taken.Should().Be(100);

        // The outcome in the consumer's hands has made room already.
        furthestAhead.Should().BeInRange(ReadAhead, ReadAhead + 1);
    }

    [Fact]
    public async Task A_consumer_that_leaves_half_way_leaves_nothing_running()
    {
        GatedIssuerClient client = new();
        TrackedSource ids = new(100);
        await using Source source = SourceOf(client);
        Task leaving = LeaveAfterTheFirstAsync();
        await client.ReachInFlightAsync(Limit);
        client.LetOneGo();

        await leaving.WithFuse();

        client.InFlight.Should().Be(0);
        ids.IsDisposed.Should().BeTrue();
        client.Asked.Count.Should().BeInRange(Limit, Limit + 1);

        async Task LeaveAfterTheFirstAsync()
        {
            await foreach (EnrichmentOutcome _ in source.Enricher.Stream(ids).WithCancellation(Token))
                break;
        }
    }

    [Fact]
    public async Task A_source_that_throws_ends_the_run_after_everything_in_flight()
    {
        GatedIssuerClient client = new();
        TaskCompletionSource thrown = new();
        TrackedSource ids = new(FailAfter(Limit));
        await using Source source = SourceOf(client);
        List<EnrichmentOutcome> outcomes = [];
        Task run = CollectAsync();
        await client.ReachInFlightAsync(Limit);

        client.LetOneGo();
        if (Limit > 1)
        {
            await thrown.Task.WithFuse();
            run.IsCompleted.Should().BeFalse();
        }

        client.Open();
        await run.Awaiting(run => run.WithFuse()).Should().ThrowAsync<InvalidDataException>();
        outcomes.Should().HaveCount(Limit).And.OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        ids.IsDisposed.Should().BeTrue();

        async Task CollectAsync()
        {
            await foreach (EnrichmentOutcome outcome in source.Enricher.Stream(ids).WithCancellation(Token))
                outcomes.Add(outcome);
        }

        IEnumerable<string?> FailAfter(int count)
        {
            for (int id = 1; id <= count; id++)
                yield return $"{id}";
            thrown.SetResult();
            throw new InvalidDataException("The file of issuers is broken.");
        }
    }

    [Fact]
    public async Task Repeated_ids_are_asked_once()
    {
        GatedIssuerClient client = new();
        await using Source source = SourceOf(client);
        string?[] ids = [.. Enumerable.Range(0, 12).Select(index => $"{index % 3}")];
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(ids).ToListAsync(Token).AsTask();
        await client.ReachAskedAsync(Math.Min(Limit, 3));

        client.Open();

        List<EnrichmentOutcome> outcomes = await run.WithFuse();
        outcomes.Should().HaveCount(12).And.OnlyContain(outcome => outcome.Isins!.Single() == ids[outcome.Position]);
        client.Asked.Should().BeEquivalentTo("0", "1", "2");
        outcomes.Count(outcome => outcome.IsShared).Should().Be(9);
    }

    private Source SourceOf(IIssuerClient client) => Source.Of(
        builder => builder.AddIssuerClient(client).UseStrategy<TStrategy>(),
        options =>
        {
            options.MaxConcurrency = 4;
            options.Bounds.ReadAhead = ReadAhead;
        },
        _clock);
}
