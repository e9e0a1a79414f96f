namespace IssuerEnrichment;

/// <summary>The records of one run in a journal, opened for the duration of the run.</summary>
public interface IJournalRun : IAsyncDisposable
{
    /// <summary>Finds the recorded outcome of an issuer.</summary>
    /// <param name="issuerId">The issuer's id; ids are compared ordinally.</param>
    /// <param name="cancellationToken">Cancelled when the caller abandons the run.</param>
    /// <returns>The record; null if there is none. Of several records for one issuer, the last one is returned.</returns>
    /// <remarks>
    /// Never called concurrently with itself, but concurrently with <see cref="WriteAsync"/>. Records that this run itself has written need not be
    /// found.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">The journal cannot be read.</exception>
    ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken);

    /// <summary>Writes a record. Completes when the record survives a crash.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the write any more. The record may still be written.</param>
    /// <remarks>
    /// Called concurrently, by up to as many callers as there are lookups in flight. Each keeps its slot until the write completes. Use group commit:
    /// let writes that arrive during a commit share the next one.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">The journal cannot be written.</exception>
    ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken);
}
