using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Journal.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the pages on the journal in PostgreSQL.</summary>
public sealed class PostgresJournalSnippets(PostgresFixture postgres)
{
    [Fact]
    public async Task A_run_goes_on_where_the_last_one_ended()
    {
        NpgsqlDataSource database = await postgres.GetAsync();
        await using IssuerTestService service = await IssuerTestService.StartAsync(new IssuerServiceScript(), TestContext.Current.CancellationToken);
        string connectionString = $"{database.ConnectionString};Pooling=false";
        Uri serviceAddress = service.BaseAddress;
        ServiceCollection services = new();

        #region use-postgres-journal
        services.AddIssuerEnrichment(o => o.MaxConcurrency = 8)
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress)
                .UsePostgresJournal(NpgsqlDataSource.Create(connectionString));
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        await enricher.Stream(["1", "2", "3"]).CountAsync(TestContext.Current.CancellationToken);
        List<EnrichmentOutcome> outcomes = await enricher.Stream(["1", "2", "3", "4"], new() { Ordered = true })
            .ToListAsync(TestContext.Current.CancellationToken);

        outcomes.Select(outcome => outcome.Source).Should().Equal(
            EnrichmentSource.Journal, EnrichmentSource.Journal, EnrichmentSource.Journal, EnrichmentSource.Service);
    }
}
