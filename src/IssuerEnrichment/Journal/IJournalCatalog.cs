namespace IssuerEnrichment;

/// <summary>The runs whose verdicts a journal keeps, to look through and to delete. Implementations must be thread-safe.</summary>
public interface IJournalCatalog
{
    /// <summary>Lists the runs, each with a count of its verdicts. Reads the whole journal, and works while runs go on.</summary>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <returns>The runs in the order in which they first began; none where there is no journal yet.</returns>
    /// <exception cref="EnrichmentJournalException">The journal cannot be read.</exception>
    Task<IReadOnlyList<JournaledRun>> ListRunsAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes a run with all its verdicts.</summary>
    /// <param name="key">The run.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <returns>Whether there was such a run.</returns>
    /// <exception cref="EnrichmentJournalException">The run is going on, or the journal cannot be written.</exception>
    Task<bool> DeleteRunAsync(JournalKey key, CancellationToken cancellationToken = default);
}
