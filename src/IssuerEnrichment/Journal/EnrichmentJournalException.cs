namespace IssuerEnrichment;

/// <summary>Thrown when a journal cannot be opened, read or written. It ends the run, after everything in flight has ended.</summary>
/// <remarks>
/// All outcomes delivered before are in the journal. An outcome that could not be recorded is delivered as
/// <see cref="EnrichmentStatus.NotAttempted"/>.
/// </remarks>
public sealed class EnrichmentJournalException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">One sentence that says what to fix.</param>
    /// <param name="innerException">The cause, if any.</param>
    public EnrichmentJournalException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
