namespace IssuerEnrichment;

/// <summary>The part of a journal that belongs to one run, from its start to its end.</summary>
public interface IJournalRun : IAsyncDisposable
{
    /// <summary>Finds what an earlier run was told about an issuer.</summary>
    /// <param name="issuerId">The issuer's id; ids are compared ordinally.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <returns>The record; null where there is none. Of records of one issuer the last counts.</returns>
    /// <remarks>Called by one caller at a time, and while records are written. What was written by this run itself need not be found.</remarks>
    /// <exception cref="EnrichmentJournalException">It cannot be read.</exception>
    ValueTask<JournalRecord?> FindAsync(string issuerId, CancellationToken cancellationToken);

    /// <summary>Keeps a record; complete once that survives a crash.</summary>
    /// <param name="record">What the run was told.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more; the record may be kept all the same.</param>
    /// <remarks>
    /// Called by as many callers at a time as there are lookups, each of which keeps its place until this is complete: let those that come
    /// while one commit is under way share the next.
    /// </remarks>
    /// <exception cref="EnrichmentJournalException">It cannot be written.</exception>
    ValueTask WriteAsync(JournalRecord record, CancellationToken cancellationToken);
}
