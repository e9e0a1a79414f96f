using System.Data.Common;
using IssuerEnrichment.PostgreSql;

namespace IssuerEnrichment;

/// <summary>A journal in a PostgreSQL database: what it has taken survives a crash of the process, of its machine and of the server.</summary>
/// <remarks>
/// Thread-safe. Runs may go on side by side, but each at most once: the same run, started by whatever process or machine, is refused while it lasts. A
/// schema with tables of another application, or of another version, is refused and left as it is. A run has one connection, and a second one to
/// read with where there is something to find; it needs sessions of its own, so no pooler that shares them between transactions.
/// </remarks>
public sealed class PostgresEnrichmentJournal : IEnrichmentJournal, IJournalCatalog
{
    // What PostgreSQL cuts longer names down to, without an error.
    private const int LongestName = 63;

    private readonly DbDataSource _dataSource;
    private readonly string _schema;

    /// <summary>Names the place. It is connected to when a run starts.</summary>
    /// <param name="dataSource">The database, such as an <c>NpgsqlDataSource</c>; it remains the caller's to dispose of.</param>
    /// <param name="schema">The schema that the tables are in. Created if missing, which takes the right to; one that is empty will do as well.</param>
    /// <exception cref="ArgumentException">The data source is null, or the schema's name is empty or longer than 63 ASCII characters.</exception>
    public PostgresEnrichmentJournal(DbDataSource dataSource, string schema = "issuer_enrichment")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        if (schema.Length > LongestName || schema.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"The name of a schema is of at most {LongestName} ASCII characters; '{schema}' is not.", nameof(schema));
        _dataSource = dataSource;
        _schema = schema;
    }

    /// <inheritdoc/>
    public async ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new PostgresJournalRun(
            await ExplainAsync(tables => JournalDatabase.OpenAsync(_dataSource, tables, key, cancellationToken)).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournaledRun>> ListRunsAsync(CancellationToken cancellationToken = default) =>
        ExplainAsync(async tables =>
        {
            DbConnection connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await JournalCatalog.ListAsync(connection, tables, cancellationToken).ConfigureAwait(false);
        });

    /// <inheritdoc/>
    public Task<bool> DeleteRunAsync(JournalKey key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ExplainAsync(async tables =>
        {
            DbConnection connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await JournalCatalog.DeleteAsync(connection, tables, key, cancellationToken).ConfigureAwait(false);
        });
    }

    private async Task<T> ExplainAsync<T>(Func<JournalTables, Task<T>> work)
    {
        string name = _schema;
        try
        {
            DbConnection connection = _dataSource.CreateConnection();
            await using (connection.ConfigureAwait(false))
                name = $"{connection.DataSource}/{connection.Database}/{_schema}";
            return await work(new JournalTables(_schema, name)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw JournalProblem.Of(name, e);
        }
    }
}
