using System.Data.Common;
using System.Text.Json;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Writes any number of records with a prepared statement, which takes an array for each column.</summary>
internal sealed class OutcomeWriter : IAsyncDisposable
{
    private readonly DbCommand _upsert;

    public OutcomeWriter(DbConnection connection, JournalTables tables, int run) => _upsert = connection.Command(
        $"""
        INSERT INTO {tables.Outcome} (run, issuer, status, attempts, given_at, answer, error, message, http_status, provenance)
        SELECT @run, issuer, status, attempts, given_at, answer::json, error, message, http_status, provenance::json
        FROM unnest(@issuers, @statuses, @attempts, @given_at, @answers, @errors, @messages, @http_statuses, @provenances)
            AS record (issuer, status, attempts, given_at, answer, error, message, http_status, provenance)
        ON CONFLICT (run, issuer) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, given_at = excluded.given_at,
            answer = excluded.answer, error = excluded.error, message = excluded.message, http_status = excluded.http_status, provenance = excluded.provenance
        """,
        ("run", run),
        ("issuers", Array.Empty<string>()),
        ("statuses", Array.Empty<string>()),
        ("attempts", Array.Empty<int>()),
        ("given_at", Array.Empty<DateTimeOffset>()),
        ("answers", Array.Empty<string>()),
        ("errors", Array.Empty<string>()),
        ("messages", Array.Empty<string>()),
        ("http_statuses", Array.Empty<int?>()),
        ("provenances", Array.Empty<string>()));

    public Task PrepareAsync(CancellationToken cancellationToken) => _upsert.PrepareAsync(cancellationToken);

    // A single statement is a transaction.
    public async Task WriteAsync(IReadOnlyCollection<JournalRecord> records)
    {
        SetColumn(1, records, record => OutcomeColumns.KeyOf(record.IssuerId));
        SetColumn(2, records, record => OutcomeColumns.NameOf(record.Status));
        SetColumn(3, records, record => record.Attempts);
        SetColumn(4, records, record => record.GivenAt.ToUniversalTime());
        SetColumn(5, records, record => record.Answer);
        SetColumn(6, records, record => record.Error?.Kind.ToString());
        SetColumn(7, records, record => record.Error is { } error ? OutcomeColumns.TextOf(error.Message) : null);
        SetColumn(8, records, record => record.Error?.HttpStatus);
        SetColumn(9, records, record => record.Provenance is { } known ? JsonSerializer.Serialize(known, JournalJson.Default.AnswerProvenance) : null);
        await _upsert.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _upsert.DisposeAsync();

    private void SetColumn<T>(int parameter, IReadOnlyCollection<JournalRecord> records, Func<JournalRecord, T> value)
    {
        T[] column = new T[records.Count];
        int row = 0;
        foreach (JournalRecord record in records)
            column[row++] = value(record);
        _upsert.Parameters[parameter].Value = column;
    }
}
