using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment;

/// <summary>Adds a journal in a PostgreSQL database to a source.</summary>
public static class PostgresJournalBuilderExtensions
{
    /// <summary>
    /// Records outcomes in a PostgreSQL database. A run that was killed can be started again, and looks up only issuers without a recorded outcome.
    /// </summary>
    /// <param name="builder">The source. The last journal that is registered wins.</param>
    /// <param name="dataSource">
    /// The database. The caller remains responsible for disposing of it. Default: the container's data source, as registered by
    /// <c>AddNpgsqlDataSource</c>.
    /// </param>
    /// <param name="schema">The schema of the tables. It is created if it does not exist.</param>
    /// <exception cref="ArgumentException">
    /// The name of the schema is empty or longer than 63 ASCII characters. Thrown when the journal is created.
    /// </exception>
    public static IIssuerEnrichmentBuilder UsePostgresJournal(
        this IIssuerEnrichmentBuilder builder, DbDataSource? dataSource = null, string schema = "issuer_enrichment") =>
        builder.UseJournal(provider => new PostgresEnrichmentJournal(dataSource ?? provider.GetRequiredService<DbDataSource>(), schema));
}
