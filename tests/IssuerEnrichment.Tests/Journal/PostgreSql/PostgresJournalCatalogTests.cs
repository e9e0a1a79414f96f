namespace IssuerEnrichment.Tests.Journal.PostgreSql;

public sealed class PostgresJournalCatalogTests(PostgresFixture postgres) : JournalCatalogContract, IAsyncLifetime
{
    private PostgresSchema? _schema;

    public async ValueTask InitializeAsync() => _schema = new PostgresSchema(await postgres.GetAsync());

    public ValueTask DisposeAsync() => _schema?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override IEnrichmentJournal Open() => _schema!.Journal;
}
