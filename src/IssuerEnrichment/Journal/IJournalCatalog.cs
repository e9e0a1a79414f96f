namespace IssuerEnrichment;

/// <summary>Lists and deletes the runs in a journal. Implementations must be thread-safe.</summary>
public interface IJournalCatalog
{
    /// <summary>Lists the runs, each with its number of records. Reads the whole journal, and can be called while runs are in progress.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The runs in the order in which they first started; empty if the journal does not exist yet.</returns>
    /// <exception cref="EnrichmentJournalException">The journal cannot be read.</exception>
    Task<IReadOnlyList<JournaledRun>> ListRunsAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes a run and all its records.</summary>
    /// <param name="key">The run.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether the run existed.</returns>
    /// <exception cref="EnrichmentJournalException">The run is in progress, or the journal cannot be written.</exception>
    Task<bool> DeleteRunAsync(JournalKey key, CancellationToken cancellationToken = default);
}
