using System.Data.Common;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Lists and deletes the runs in a journal's schema.</summary>
internal static class JournalCatalog
{
    public static async Task<IReadOnlyList<JournaledRun>> ListAsync(DbConnection connection, JournalTables tables, CancellationToken cancellationToken)
    {
        if (!await tables.CheckAreOursAsync(connection, cancellationToken).ConfigureAwait(false))
            return [];
        DbCommand select = connection.Command(
            $"""
            SELECT name, source, shape, count(issuer), max(given_at) FROM {tables.Run} LEFT JOIN {tables.Outcome} ON run = id GROUP BY id ORDER BY id
            """);
        await using (select.ConfigureAwait(false))
        {
            DbDataReader row = await select.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                List<JournaledRun> runs = [];
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                    runs.Add(new JournaledRun(KeyOf(row), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)));
                return runs;
            }
        }
    }

    public static async Task<bool> DeleteAsync(DbConnection connection, JournalTables tables, JournalKey key, CancellationToken cancellationToken)
    {
        if (!await tables.CheckAreOursAsync(connection, cancellationToken).ConfigureAwait(false))
            return false;
        await RunLock.TakeAsync(connection, tables, key, cancellationToken).ConfigureAwait(false);
        try
        {
            // A single statement is a transaction.
            return await connection.GetAsync(
                $"""
                WITH gone AS (DELETE FROM {tables.Outcome} USING {tables.Run} WHERE run = id AND fingerprint = @fingerprint)
                DELETE FROM {tables.Run} WHERE fingerprint = @fingerprint RETURNING id
                """,
                cancellationToken,
                ("fingerprint", JournalTables.FingerprintOf(key))).ConfigureAwait(false) is not null;
        }
        finally
        {
            await RunLock.ReleaseAsync(connection).ConfigureAwait(false);
        }
    }

    private static JournalKey KeyOf(DbDataReader row) =>
        new(OutcomeColumns.OfText(row.GetString(0)), OutcomeColumns.OfText(row.GetString(1)), OutcomeColumns.OfText(row.GetString(2)));
}
