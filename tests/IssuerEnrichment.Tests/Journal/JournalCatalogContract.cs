namespace IssuerEnrichment.Tests.Journal;

/// <summary>What a journal that keeps verdicts for longer must do: show its runs, and let go of those that nobody needs.</summary>
public abstract class JournalCatalogContract
{
    private static readonly DateTimeOffset Monday = new(2025, 6, 2, 8, 0, 0, 250, TimeSpan.FromHours(2));

    private static readonly JournalKey Old = new("May \\u0041 \0 é", "", new string('0', 64));

    private static readonly JournalKey New = new(new string('n', 3000), "other", new string('1', 64));

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the journal under test as another process would.</summary>
    protected abstract IEnrichmentJournal Open();

    private IJournalCatalog Catalog => (IJournalCatalog)Open();

    [Fact]
    public async Task A_journal_that_does_not_exist_yet_has_no_runs()
    {
        (await Catalog.ListRunsAsync(Token)).Should().BeEmpty();
        (await Catalog.DeleteRunAsync(Old, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Lists_each_run_with_its_verdicts_and_the_time_of_the_last()
    {
        await WriteAsync(Old, Monday, Monday.AddHours(2), Monday.AddHours(1));
        await WriteAsync(New);

        (await Catalog.ListRunsAsync(Token)).Should().Equal(new JournaledRun(Old, 3, Monday.AddHours(2)), new JournaledRun(New, 0, null));
    }

    [Fact]
    public async Task Deletes_one_run_and_nothing_else()
    {
        await WriteAsync(Old, Monday, Monday);
        await WriteAsync(New, Monday);

        (await Catalog.DeleteRunAsync(Old with { Source = "nobody" }, Token)).Should().BeFalse();
        (await Catalog.DeleteRunAsync(Old, Token)).Should().BeTrue();

        (await Catalog.ListRunsAsync(Token)).Should().Equal(new JournaledRun(New, 1, Monday));
        (await FindAsync(Old)).Should().BeNull();
        (await FindAsync(New)).Should().NotBeNull();
    }

    [Fact]
    public async Task Deletes_the_runs_whose_last_verdict_is_old()
    {
        await WriteAsync(Old, Monday, Monday.AddDays(1));
        await WriteAsync(New, Monday, Monday.AddDays(2));
        await WriteAsync(Old with { Run = "empty" });

        (await Catalog.DeleteRunsBeforeAsync(Monday.AddDays(1), Token)).Should().Be(0);
        (await Catalog.DeleteRunsBeforeAsync(Monday.AddDays(1).AddMilliseconds(1), Token)).Should().Be(1);

        (await Catalog.ListRunsAsync(Token)).Select(run => run.Key.Run).Should().Equal(New.Run, "empty");
    }

    [Fact]
    public async Task A_run_that_goes_on_is_listed_and_cannot_be_deleted()
    {
        IJournalRun run = await Open().OpenAsync(Old, Token);
        await using (run)
        {
            await run.WriteAsync(RecordOf(0, Monday), Token);

            (await Catalog.ListRunsAsync(Token)).Should().Equal(new JournaledRun(Old, 1, Monday));
            await Catalog.Awaiting(catalog => catalog.DeleteRunAsync(Old, Token)).Should().ThrowAsync<EnrichmentJournalException>();

            await run.WriteAsync(RecordOf(1, Monday), Token);
        }

        (await Catalog.ListRunsAsync(Token)).Should().Equal(new JournaledRun(Old, 2, Monday));
    }

    private static JournalRecord RecordOf(int id, DateTimeOffset givenAt) => Verdicts.Enriched($"{id}", [], 1) with { GivenAt = givenAt };

    private async Task WriteAsync(JournalKey key, params DateTimeOffset[] givenAt)
    {
        IJournalRun run = await Open().OpenAsync(key, Token);
        await using (run)
        {
            for (int i = 0; i < givenAt.Length; i++)
                await run.WriteAsync(RecordOf(i, givenAt[i]), Token);
        }
    }

    private async Task<JournalRecord?> FindAsync(JournalKey key)
    {
        IJournalRun run = await Open().OpenAsync(key, Token);
        await using (run)
            return await run.FindAsync("0", Token);
    }
}
