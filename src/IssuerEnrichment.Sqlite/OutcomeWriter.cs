using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Writes records, by statements that are prepared once.</summary>
internal sealed class OutcomeWriter : IDisposable
{
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _upsert;

    public OutcomeWriter(SqliteConnection connection, long run)
    {
        _begin = connection.Command("BEGIN IMMEDIATE");
        _commit = connection.Command("COMMIT");
        _rollback = connection.Command("ROLLBACK");
        _upsert = connection.Command(
            """
            INSERT INTO outcome (run, issuer, status, attempts, isins, error, message, http_status, provenance)
            VALUES ($run, $issuer, $status, $attempts, $isins, $error, $message, $http_status, $provenance)
            ON CONFLICT DO UPDATE SET status = excluded.status, attempts = excluded.attempts, isins = excluded.isins,
                error = excluded.error, message = excluded.message, http_status = excluded.http_status, provenance = excluded.provenance
            """,
            ("$run", run),
            ("$issuer", ""),
            ("$status", ""),
            ("$attempts", 0),
            ("$isins", DBNull.Value),
            ("$error", DBNull.Value),
            ("$message", DBNull.Value),
            ("$http_status", DBNull.Value),
            ("$provenance", DBNull.Value));
    }

    public void Write(IReadOnlyList<JournalRecord> records)
    {
        _begin.ExecuteNonQuery();
        try
        {
            foreach (JournalRecord record in records)
                Upsert(record);
            _commit.ExecuteNonQuery();
        }
        catch
        {
            TryRollBack();
            throw;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _upsert.Dispose();
    }

    private void Upsert(JournalRecord record)
    {
        SqliteParameterCollection values = _upsert.Parameters;
        values[1].Value = OutcomeColumns.KeyOf(record.IssuerId);
        values[2].Value = OutcomeColumns.NameOf(record.Status);
        values[3].Value = record.Attempts;
        values[4].Value = record.Isins is { } isins ? JsonSerializer.Serialize(isins, JournalJson.Default.IReadOnlyListString) : DBNull.Value;
        values[5].Value = record.Error is { } error ? error.Kind.ToString() : DBNull.Value;
        values[6].Value = (object?)record.Error?.Message ?? DBNull.Value;
        values[7].Value = (object?)record.Error?.HttpStatus ?? DBNull.Value;
        values[8].Value = record.Provenance is { } provenance ? JsonSerializer.Serialize(provenance, JournalJson.Default.AnswerProvenance) : DBNull.Value;
        _upsert.ExecuteNonQuery();
    }

    // After some failures, such as a full disk, SQLite has done it already, and says so by an error.
    private void TryRollBack()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
        }
    }
}
