using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace IssuerEnrichment.Sqlite;

/// <summary>A prepared statement without a result, for very many records. Parameters count from 1 and keep their values.</summary>
/// <remarks>
/// For each execution, a command of Microsoft.Data.Sqlite finds each parameter by its name and creates a reader. That took longer than the work of
/// SQLite itself.
/// </remarks>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(sqlite3_prepare_v2(_database, sql, out _statement));
    }

    public void Bind(int parameter, string? text) =>
        Check(text is null ? sqlite3_bind_null(_statement, parameter) : sqlite3_bind_text(_statement, parameter, text));

    public void Bind(int parameter, long? number) =>
        Check(number is { } value ? sqlite3_bind_int64(_statement, parameter, value) : sqlite3_bind_null(_statement, parameter));

    public void Bind(int parameter, byte[] bytes) => Check(sqlite3_bind_blob(_statement, parameter, bytes));

    /// <exception cref="SqliteException">The statement failed.</exception>
    public void Execute()
    {
        int result = sqlite3_step(_statement);
        sqlite3_reset(_statement);
        Check(result);
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
