namespace IssuerEnrichment;

/// <summary>Keeps a journal small.</summary>
public static class JournalCatalogExtensions
{
    /// <summary>Deletes the runs whose last verdict was given before a time.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <returns>The number of runs that were deleted.</returns>
    /// <exception cref="EnrichmentJournalException">One of these runs is going on, or the journal cannot be read or written.</exception>
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
