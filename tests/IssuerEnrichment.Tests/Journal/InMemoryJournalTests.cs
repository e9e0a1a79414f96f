namespace IssuerEnrichment.Tests.Journal;

public sealed class InMemoryJournalTests : EnrichmentJournalContract
{
    private readonly InMemoryJournal _journal = new();

    protected override IEnrichmentJournal Open() => _journal;
}
