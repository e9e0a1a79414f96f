namespace IssuerEnrichment.Tests.Journal;

public sealed class SqliteEnrichmentJournalTests : EnrichmentJournalContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override IEnrichmentJournal Open() => new SqliteEnrichmentJournal(Path.Combine(_folder, "run.journal"));
}
