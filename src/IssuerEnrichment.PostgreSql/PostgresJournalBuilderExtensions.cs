using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment;

/// <summary>Keeps a source's verdicts in a PostgreSQL database.</summary>
public static class PostgresJournalBuilderExtensions
{
    /// <summary>Keeps verdicts in a PostgreSQL database, so that a run that was killed asks only for what has none when it is started again.</summary>
    /// <param name="builder">The source. Of several journals the last counts.</param>
    /// <param name="dataSource">
    /// The database, which remains the caller's to dispose of. Default: that of the container, as <c>AddNpgsqlDataSource</c> registers it.
    /// </param>
    /// <param name="schema">The schema that the tables are in; created if missing.</param>
    /// <exception cref="ArgumentException">The schema's name is empty or longer than 63 ASCII characters; thrown when the journal is made.</exception>
    public static IIssuerEnrichmentBuilder UsePostgresJournal(
        this IIssuerEnrichmentBuilder builder, DbDataSource? dataSource = null, string schema = "issuer_enrichment") =>
        builder.UseJournal(provider => new PostgresEnrichmentJournal(dataSource ?? provider.GetRequiredService<DbDataSource>(), schema));
}
