namespace IssuerEnrichment;

/// <summary>
/// Records final outcomes, so that a run that ended early, even by a crash, can be started again and looks up only the issuers without one.
/// </summary>
/// <remarks>
/// Implementations must be thread-safe. They must report every failure as an <see cref="EnrichmentJournalException"/>, which ends the run.
/// </remarks>
public interface IEnrichmentJournal
{
    /// <summary>Opens the journal for one run.</summary>
    /// <param name="key">Identifies the records. Records with another key must not be found.</param>
    /// <param name="cancellationToken">Cancelled when the caller abandons the run.</param>
    /// <returns>The records of the run. The run disposes of it when everything in flight has ended.</returns>
    /// <exception cref="EnrichmentJournalException">The journal cannot be opened.</exception>
    ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken);
}
