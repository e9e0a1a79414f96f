namespace IssuerEnrichment.Tests.Journal;

public sealed class SqliteJournalCatalogTests : JournalCatalogContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    private string File => Path.Combine(_folder, "run.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override IEnrichmentJournal Open() => new SqliteEnrichmentJournal(File);

    [Fact]
    public async Task Listing_runs_creates_no_file()
    {
        SqliteEnrichmentJournal journal = new(File);
        await journal.ListRunsAsync(Token);
        Directory.GetFiles(_folder).Should().BeEmpty();

        await (await journal.OpenAsync(new JournalKey("", "", ""), Token)).DisposeAsync();
        (await journal.ListRunsAsync(Token)).Should().HaveCount(1);

        Directory.GetFiles(_folder).Should().BeEquivalentTo([File, File + "-lock"]);
    }

    [Theory]
    [InlineData("no journal at all", "*is damaged*")]
    [InlineData("", null)]
    public async Task What_is_no_journal_is_rejected_and_left_alone(string text, string? message)
    {
        await System.IO.File.WriteAllTextAsync(File, text, Token);
        SqliteEnrichmentJournal journal = new(File);

        if (message is null)
            (await journal.ListRunsAsync(Token)).Should().BeEmpty();
        else
            await journal.Awaiting(journal => journal.ListRunsAsync(Token)).Should().ThrowAsync<EnrichmentJournalException>().WithMessage(message);

        (await System.IO.File.ReadAllTextAsync(File, Token)).Should().Be(text);
    }
}
