using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Journal;

/// <summary>What a run does with its journal, and what it does when that fails.</summary>
public sealed class RunJournalTests
{
    private static readonly EnrichmentJournalException DiskFull = new("The disk is full; make room.");

    private readonly InMemoryJournal _journal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outcome_is_handed_out_only_once_it_is_kept_and_keeps_its_place_until_then()
    {
        TaskCompletionSource committed = new();
        TaskCompletionSource writing = new();
        _journal.OnWrite = (_, _) =>
        {
            writing.TrySetResult();
            return committed.Task;
        };
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        await using IAsyncEnumerator<EnrichmentOutcome> outcomes = IssuerEnricher.Create(client, new() { MaxConcurrency = 1 }, journal: _journal)
            .Stream(["1", "2"]).GetAsyncEnumerator(Token);

        Task<bool> first = outcomes.MoveNextAsync().AsTask();
        await writing.Task.WithTimeout();

        first.IsCompleted.Should().BeFalse();
        client.Attempts.Should().Be(1);
        committed.SetResult();
        (await first.WithTimeout()).Should().BeTrue();
        (await outcomes.MoveNextAsync().AsTask().WithTimeout()).Should().BeTrue();
        client.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task The_journal_keeps_only_final_outcomes()
    {
        using CancellationTokenSource stop = new();
        ScriptedIssuerClient client = new((id, _, _) =>
        {
            if (id == "last")
                stop.Cancel();
            return id switch
            {
                "unknown" => Task.FromResult(IssuerAnswer.NotFound),
                "fails" => throw ServiceFailure.Permanent(),
                _ => Task.FromResult(IssuerAnswer.Found([id])),
            };
        });

        List<EnrichmentOutcome> outcomes = await EnrichAsync(
            client, ["fine", "unknown", "fails", " ", "fine", "last", "late"], new() { Stop = stop.Token, Strategy = EnrichmentStrategyName.Sequential });

        outcomes.Should().HaveCount(7);
        outcomes.Single(outcome => outcome.IssuerId == "late").Status.Should().Be(EnrichmentStatus.NotAttempted);
        _journal.Records.Select(record => record.IssuerId).Should().BeEquivalentTo("fine", "unknown", "fails", "last");
        _journal.IsOpen.Should().BeFalse();
    }

    [Fact]
    public async Task Types_follow_from_the_market_sectors_of_the_present_run()
    {
        await EnrichAsync(new EchoIssuerClient(), ["1"], new() { MarketSectors = ["Sovereign"] });

        List<EnrichmentOutcome> outcomes = await EnrichAsync(new EchoIssuerClient(), ["1"], new() { MarketSectors = ["Provinces and Municipalities"] });

        outcomes.Single().Should().Match<EnrichmentOutcome>(outcome =>
            outcome.Source == EnrichmentSource.Journal && outcome.Type == IssuerType.Municipality && outcome.Isins!.Single() == "1");
    }

    [Fact]
    public async Task Repeated_ids_share_what_was_found_in_the_journal()
    {
        await EnrichAsync(new EchoIssuerClient(), ["1"]);

        List<EnrichmentOutcome> outcomes = await EnrichAsync(new EchoIssuerClient(), ["1", "1", "1"], new() { Ordered = true });

        outcomes.Select(outcome => outcome.IsShared).Should().Equal(false, true, true);
        outcomes.Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Journal && outcome.Status == EnrichmentStatus.Enriched);
    }

    [Fact]
    public async Task A_run_of_another_name_begins_anew()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));

        await EnrichAsync(client, ["1"], new() { Journal = new() { Run = "May" } });
        await EnrichAsync(client, ["1"], new() { Journal = new() { Run = "June" } });
        await EnrichAsync(client, ["1"], new() { Journal = new() { Run = "May" } });

        client.Attempts.Should().Be(2);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_opened_ends_the_run_before_an_input_is_read()
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        _journal.OnOpen = () => throw DiskFull;

        (await EndAsync(client, [])).Should().BeSameAs(DiskFull);

        client.Attempts.Should().Be(0);
    }

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task A_journal_that_cannot_be_written_ends_the_run_after_everything_in_flight_has_ended(string strategy)
    {
        GatedIssuerClient client = new();
        _journal.OnWrite = (_, _) => throw DiskFull;
        List<EnrichmentOutcome> outcomes = [];
        int atOnce = strategy == EnrichmentStrategyName.Sequential ? 1 : 4;

        Task<Exception?> end = EndAsync(client, outcomes, new() { Strategy = strategy, MaxConcurrency = 4, Deadline = TimeSpan.FromHours(1) });
        await client.ReachInFlightAsync(atOnce);
        client.LetOneGo();

        (await end.WithTimeout()).Should().BeSameAs(DiskFull);
        client.InFlight.Should().Be(0);
        client.Asked.Should().HaveCount(atOnce);
        outcomes.Should().NotBeEmpty().And.OnlyContain(outcome =>
            outcome.Status == EnrichmentStatus.NotAttempted && outcome.Isins == null && outcome.Error!.Kind == EnrichmentErrorKind.Stopped);
    }

    [Theory]
    [InlineData(EnrichmentStrategyName.Sequential)]
    [InlineData(EnrichmentStrategyName.ThreadPool)]
    [InlineData(EnrichmentStrategyName.Async)]
    public async Task A_journal_that_cannot_be_read_ends_the_run_after_everything_in_flight_has_ended(string strategy)
    {
        ScriptedIssuerClient client = new(id => IssuerAnswer.Found([id]));
        _journal.OnFind = id => id == "5" ? throw DiskFull : Task.CompletedTask;
        List<EnrichmentOutcome> outcomes = [];

        (await EndAsync(client, outcomes, new() { Strategy = strategy })).Should().BeSameAs(DiskFull);

        client.AttemptsOf("5").Should().Be(0);
        outcomes.Where(outcome => outcome.Status == EnrichmentStatus.Enriched).Select(outcome => outcome.IssuerId)
            .Should().BeEquivalentTo(_journal.Records.Select(record => record.IssuerId));
    }

    [Fact]
    public async Task An_exception_of_another_kind_is_told_as_one_of_the_journal()
    {
        _journal.OnWrite = (_, _) => throw new InvalidOperationException("No.");

        (await EndAsync(new EchoIssuerClient(), [])).Should().BeOfType<EnrichmentJournalException>()
            .Which.Message.Should().Be("The journal threw InvalidOperationException: No.");
    }

    [Fact]
    public async Task A_run_that_is_abandoned_does_not_wait_for_a_journal_that_hangs()
    {
        TaskCompletionSource writing = new();
        _journal.OnWrite = (_, token) =>
        {
            writing.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        using CancellationTokenSource cancellation = new();
        Task run = IssuerEnricher.Create(new EchoIssuerClient(), journal: _journal).Stream(["1", "2"]).ToListAsync(cancellation.Token).AsTask();
        await writing.Task.WithTimeout();

        await cancellation.CancelAsync();

        await run.Awaiting(run => run.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
        _journal.IsOpen.Should().BeFalse();
    }

    [Fact]
    public async Task Leaving_the_enumeration_gives_the_journal_back()
    {
        await foreach (EnrichmentOutcome outcome in IssuerEnricher.Create(new EchoIssuerClient(), journal: _journal).Stream(["1", "2", "3"]))
            break;

        _journal.IsOpen.Should().BeFalse();
    }

    private async Task<List<EnrichmentOutcome>> EnrichAsync(IIssuerClient client, string[] ids, EnrichmentRunOptions? options = null) =>
        await IssuerEnricher.Create(client, journal: _journal).Stream(ids, options).ToListAsync(Token).AsTask().WithTimeout();

    private async Task<Exception?> EndAsync(IIssuerClient client, List<EnrichmentOutcome> outcomes, EnrichmentRunOptions? options = null)
    {
        IEnrichmentRun run = IssuerEnricher.Create(client, journal: _journal).Stream(Enumerable.Range(0, 1000).Select(id => $"{id}"), options);
        Exception? end = await Record.ExceptionAsync(async () =>
        {
            await foreach (EnrichmentOutcome outcome in run.WithCancellation(Token))
                outcomes.Add(outcome);
        });
        _journal.IsOpen.Should().BeFalse();
        return end;
    }
}
