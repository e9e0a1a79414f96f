namespace IssuerEnrichment;

/// <summary>A journal cannot be opened, read or written; the run ends with this, after everything in flight has ended.</summary>
/// <remarks>What was handed out before is in the journal. An outcome that could not be kept is handed out as <see cref="EnrichmentStatus.NotAttempted"/>.</remarks>
public sealed class EnrichmentJournalException : Exception
{
    /// <summary>Describes what is wrong.</summary>
    /// <param name="message">One sentence that says what to mend.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public EnrichmentJournalException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
