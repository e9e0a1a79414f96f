using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace IssuerEnrichment.Sqlite;

/// <summary>Finds records with a prepared statement.</summary>
internal sealed class OutcomeReader : IDisposable
{
    private readonly SqliteCommand _select;

    public OutcomeReader(SqliteConnection connection, long run) => _select = connection.Command(
        "SELECT status, attempts, answer, error, message, http_status, provenance, given_at FROM outcome WHERE run = $run AND issuer = $issuer",
        ("$run", run),
        ("$issuer", ""));

    /// <exception cref="InvalidDataException">The row cannot have been written by a run.</exception>
    public JournalRecord? Find(string issuerId)
    {
        _select.Parameters[1].Value = OutcomeColumns.KeyOf(issuerId);
        using SqliteDataReader row = _select.ExecuteReader();
        if (!row.Read())
            return null;
        try
        {
            return Read(row, issuerId);
        }
        catch (Exception e) when (e is InvalidCastException or InvalidOperationException or ArgumentException or OverflowException or JsonException)
        {
            throw new InvalidDataException("A row of the table 'outcome' cannot be read.", e);
        }
    }

    public void Dispose() => _select.Dispose();

    private static JournalRecord Read(SqliteDataReader row, string issuerId)
    {
        EnrichmentStatus status = OutcomeColumns.StatusOf(row.GetString(0));
        int attempts = row.GetInt32(1);
        AnswerProvenance? provenance = row.IsDBNull(6) ? null : JsonSerializer.Deserialize(row.GetString(6), JournalJson.Default.AnswerProvenance);
        DateTimeOffset givenAt = OutcomeColumns.TimeOf(row.GetInt64(7));
        if (status == EnrichmentStatus.Enriched)
            return JournalRecord.Enriched(issuerId, row.GetString(2), attempts) with { Provenance = provenance, GivenAt = givenAt };

        EnrichmentErrorKind kind = Enum.Parse<EnrichmentErrorKind>(row.GetString(3));
        int? httpStatus = row.IsDBNull(5) ? null : row.GetInt32(5);
        EnrichmentError error = new(kind, row.GetString(4), httpStatus);
        return JournalRecord.Unanswered(issuerId, status, error, attempts) with { Provenance = provenance, GivenAt = givenAt };
    }
}
