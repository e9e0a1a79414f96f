using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Writes records, by statements that are prepared once.</summary>
internal sealed class OutcomeWriter : IDisposable
{
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly SqliteCommand _putAnswered;
    private readonly SqliteCommand _putUnanswered;

    // Each parameter costs more than its column: so there are two statements, and none has a parameter for what is always the same.
    public OutcomeWriter(SqliteConnection connection, long run)
    {
        _begin = connection.Command("BEGIN IMMEDIATE");
        _commit = connection.Command("COMMIT");
        _rollback = connection.Command("ROLLBACK");
        _putAnswered = connection.Command(
            $"""
            REPLACE INTO outcome (run, issuer, status, attempts, isins, provenance)
            VALUES ({run}, $issuer, '{OutcomeColumns.NameOf(EnrichmentStatus.Enriched)}', $attempts, $isins, $provenance)
            """,
            ("$issuer", ""),
            ("$attempts", 0),
            ("$isins", ""),
            ("$provenance", DBNull.Value));
        _putUnanswered = connection.Command(
            $"""
            REPLACE INTO outcome (run, issuer, status, attempts, error, message, http_status, provenance)
            VALUES ({run}, $issuer, $status, $attempts, $error, $message, $http_status, $provenance)
            """,
            ("$issuer", ""),
            ("$status", ""),
            ("$attempts", 0),
            ("$error", ""),
            ("$message", ""),
            ("$http_status", DBNull.Value),
            ("$provenance", DBNull.Value));
    }

    public void Write(IReadOnlyList<JournalRecord> records)
    {
        _begin.ExecuteNonQuery();
        try
        {
            foreach (JournalRecord record in records)
                Put(record);
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
        _putAnswered.Dispose();
        _putUnanswered.Dispose();
    }

    private void Put(JournalRecord record)
    {
        object issuer = OutcomeColumns.KeyOf(record.IssuerId);
        object provenance = record.Provenance is { } from ? JsonSerializer.Serialize(from, JournalJson.Default.AnswerProvenance) : DBNull.Value;
        if (record.Isins is { } isins)
        {
            string list = JsonSerializer.Serialize(isins, JournalJson.Default.IReadOnlyListString);
            Execute(_putAnswered, [issuer, record.Attempts, list, provenance]);
        }
        else
        {
            EnrichmentError error = record.Error!;
            string status = OutcomeColumns.NameOf(record.Status);
            Execute(_putUnanswered, [issuer, status, record.Attempts, error.Kind.ToString(), error.Message, (object?)error.HttpStatus ?? DBNull.Value, provenance]);
        }
    }

    private static void Execute(SqliteCommand statement, ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            statement.Parameters[i].Value = values[i];
        statement.ExecuteNonQuery();
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
