using System.Data.Common;
using IssuerEnrichment.PostgreSql;

namespace IssuerEnrichment;

/// <summary>A journal in a PostgreSQL database. Its records survive a crash of the process, of its machine and of the server.</summary>
/// <remarks>
/// Thread-safe. Different runs can be in progress concurrently, but not the same run twice: starting it again fails, in any process and on any
/// machine. A schema with tables of another application or another version is rejected, and not modified. A run uses one connection, and a second one
/// for reading if there is something to find. It needs its own sessions, so a pooler must not share sessions between transactions.
/// </remarks>
public sealed class PostgresEnrichmentJournal : IEnrichmentJournal, IJournalCatalog
{
    // PostgreSQL truncates longer names without an error.
    private const int LongestName = 63;

    private readonly DbDataSource _dataSource;
    private readonly string _schema;

    /// <summary>Creates a journal. It connects to the database when a run starts.</summary>
    /// <param name="dataSource">The database, such as an <c>NpgsqlDataSource</c>. The caller remains responsible for disposing of it.</param>
    /// <param name="schema">
    /// The schema of the tables. It is created if it does not exist, which requires the permission. It may exist and be empty.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The data source is null, or the name of the schema is empty or longer than 63 ASCII characters.
    /// </exception>
    public PostgresEnrichmentJournal(DbDataSource dataSource, string schema = "issuer_enrichment")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrWhiteSpace(schema);
        if (schema.Length > LongestName || schema.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"The name of a schema has at most {LongestName} ASCII characters; '{schema}' is invalid.", nameof(schema));
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
