namespace IssuerEnrichment;

/// <summary>Where verdicts are kept, so that a run that ended early, be it by a crash, asks only for what has none when it is started again.</summary>
/// <remarks>Implementations must be thread-safe. Whatever fails is to be an <see cref="EnrichmentJournalException"/>; it ends the run.</remarks>
public interface IEnrichmentJournal
{
    /// <summary>Opens the part of the journal that belongs to one run.</summary>
    /// <param name="key">Whose verdicts these are. Those under another key must not be found.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    /// <returns>The part; the run disposes of it when everything in flight has ended.</returns>
    /// <exception cref="EnrichmentJournalException">It cannot be opened.</exception>
    ValueTask<IJournalRun> OpenAsync(JournalKey key, CancellationToken cancellationToken);
}
