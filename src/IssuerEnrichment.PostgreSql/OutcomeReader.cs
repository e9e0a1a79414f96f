using System.Data.Common;
using System.Text.Json;

namespace IssuerEnrichment.PostgreSql;

/// <summary>Finds records with a prepared statement.</summary>
internal sealed class OutcomeReader : IAsyncDisposable
{
    private readonly DbCommand _select;

    public OutcomeReader(DbConnection connection, JournalTables tables, int run) => _select = connection.Command(
        $"""
        SELECT status, attempts, answer::text, error, message, http_status, provenance::text, given_at FROM {tables.Outcome}
        WHERE run = @run AND issuer = @issuer
        """,
        ("run", run),
        ("issuer", ""));

    public Task PrepareAsync(CancellationToken cancellationToken) => _select.PrepareAsync(cancellationToken);

    /// <exception cref="InvalidDataException">The row cannot have been written by a run.</exception>
    public async Task<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken)
    {
        _select.Parameters[1].Value = OutcomeColumns.KeyOf(issuerId);
        DbDataReader row = await _select.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                return null;
            try
            {
                return Read(row, issuerId);
            }
            catch (Exception e) when (e is InvalidCastException or ArgumentException or JsonException)
            {
                throw new InvalidDataException("A row of the table 'outcome' cannot be read.", e);
            }
        }
    }

    public ValueTask DisposeAsync() => _select.DisposeAsync();

    private static JournalRecord Read(DbDataReader row, string issuerId)
    {
        EnrichmentStatus status = OutcomeColumns.StatusOf(row.GetString(0));
        int attempts = row.GetInt32(1);
        AnswerProvenance? provenance = row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), JournalJson.Default.AnswerProvenance);
        DateTimeOffset givenAt = row.GetFieldValue<DateTimeOffset>(7);
        if (status == EnrichmentStatus.Enriched)
            return JournalRecord.Enriched(issuerId, row.GetString(2), attempts) with { Provenance = provenance, GivenAt = givenAt };

        EnrichmentError error = new(
            Enum.Parse<EnrichmentErrorKind>(row.GetString(3)), OutcomeColumns.OfText(row.GetString(4)), row.IsDBNull(5) ? null : row.GetInt32(5));
        return JournalRecord.Unanswered(issuerId, status, error, attempts) with { Provenance = provenance, GivenAt = givenAt };
    }
}
