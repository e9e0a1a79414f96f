using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Writes records with prepared statements.</summary>
internal sealed class OutcomeWriter : IDisposable
{
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private readonly PreparedStatement _putAnswered;
    private readonly PreparedStatement _putUnanswered;

    public OutcomeWriter(SqliteConnection connection, long run)
    {
        _begin = connection.Command("BEGIN IMMEDIATE");
        _commit = connection.Command("COMMIT");
        _rollback = connection.Command("ROLLBACK");
        _putAnswered = new PreparedStatement(connection, $"""
            REPLACE INTO outcome (run, issuer, attempts, provenance, given_at, status, answer)
            VALUES ({run}, ?1, ?2, ?3, ?4, '{OutcomeColumns.NameOf(EnrichmentStatus.Enriched)}', ?5)
            """);
        _putUnanswered = new PreparedStatement(connection, $"""
            REPLACE INTO outcome (run, issuer, attempts, provenance, given_at, status, error, message, http_status)
            VALUES ({run}, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """);
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
        PreparedStatement put = record.Answer is null ? _putUnanswered : _putAnswered;
        if (OutcomeColumns.KeyOf(record.IssuerId) is byte[] bytes)
            put.Bind(1, bytes);
        else
            put.Bind(1, record.IssuerId);
        put.Bind(2, record.Attempts);
        put.Bind(3, record.Provenance is { } provenance ? JsonSerializer.Serialize(provenance, JournalJson.Default.AnswerProvenance) : null);
        put.Bind(4, record.GivenAt.ToUnixTimeMilliseconds());
        if (record.Answer is { } answer)
        {
            put.Bind(5, answer);
        }
        else
        {
            put.Bind(5, OutcomeColumns.NameOf(record.Status));
            put.Bind(6, record.Error!.Kind.ToString());
            put.Bind(7, record.Error.Message);
            put.Bind(8, record.Error.HttpStatus);
        }

        put.Execute();
    }

    // After some failures, such as a full disk, SQLite has rolled back already, and reports an error.
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
