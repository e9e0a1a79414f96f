namespace IssuerEnrichment;

/// <summary>Deletes old runs from a journal.</summary>
public static class JournalCatalogExtensions
{
    /// <summary>Deletes the runs whose last record was written before a given time.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The number of deleted runs.</returns>
    /// <exception cref="EnrichmentJournalException">One of these runs is in progress, or the journal cannot be read or written.</exception>
    public static async Task<int> DeleteRunsBeforeAsync(this IJournalCatalog journal, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        int deleted = 0;
        foreach (JournaledRun run in await journal.ListRunsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (run.LastVerdictAt < time && await journal.DeleteRunAsync(run.Key, cancellationToken).ConfigureAwait(false))
                deleted++;
        }

        return deleted;
    }
}
