namespace IssuerEnrichment;

/// <summary>
/// The final outcome of one issuer, as recorded in a journal. It does not include the issuer's type, which is determined by the market sectors of
/// each run.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record JournalRecord
{
    private JournalRecord(string issuerId, EnrichmentStatus status, int attempts)
    {
        ArgumentNullException.ThrowIfNull(issuerId);
        ArgumentOutOfRangeException.ThrowIfNegative(attempts);
        IssuerId = issuerId;
        Status = status;
        Attempts = attempts;
    }

    /// <summary>The issuer's id.</summary>
    public string IssuerId { get; }

    /// <summary>
    /// The status: <see cref="EnrichmentStatus.Enriched"/>, <see cref="EnrichmentStatus.NotFound"/> or <see cref="EnrichmentStatus.Failed"/>.
    /// </summary>
    public EnrichmentStatus Status { get; }

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; }

    /// <summary>The issuer's ISINs as the service returned them; null unless enriched.</summary>
    public IReadOnlyList<string>? Isins { get; private init; }

    /// <summary>Why the issuer was not enriched, without the exception; null if it was.</summary>
    public EnrichmentError? Error { get; private init; }

    /// <summary>The provenance that the client attached to the answer; null if it attached none.</summary>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>When the outcome was recorded, to the millisecond.</summary>
    public DateTimeOffset GivenAt { get; init; }

    /// <summary>Creates a record with the issuer's ISINs.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="isins">The ISINs; may be empty.</param>
    /// <param name="attempts">The number of attempts.</param>
    /// <exception cref="ArgumentException">The id or the list is null, or the number of attempts is negative.</exception>
    public static JournalRecord Enriched(string issuerId, IReadOnlyList<string> isins, int attempts)
    {
        ArgumentNullException.ThrowIfNull(isins);
        return new JournalRecord(issuerId, EnrichmentStatus.Enriched, attempts) { Isins = isins };
    }

    /// <summary>Creates a record without ISINs: there is no such issuer, or the lookup failed.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="status"><see cref="EnrichmentStatus.NotFound"/> or <see cref="EnrichmentStatus.Failed"/>.</param>
    /// <param name="error">The reason. Its exception is not recorded.</param>
    /// <param name="attempts">The number of attempts.</param>
    /// <exception cref="ArgumentException">The status is another one, the id or the error is null, or the number of attempts is negative.</exception>
    public static JournalRecord Unanswered(string issuerId, EnrichmentStatus status, EnrichmentError error, int attempts)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (status is not (EnrichmentStatus.NotFound or EnrichmentStatus.Failed))
            throw new ArgumentException($"A record without ISINs must be NotFound or Failed, not {status}.", nameof(status));
        return new JournalRecord(issuerId, status, attempts) { Error = error.Exception is null ? error : error with { Exception = null } };
    }

    /// <summary>Creates the record of an outcome; null if the outcome is not final, so that a later run looks the issuer up again.</summary>
    internal static JournalRecord? Of(EnrichmentOutcome outcome, DateTimeOffset givenAt)
    {
        // Denied access and an unusable source are the caller's to fix. With another key or a repaired file, the outcome would be another one.
        if (outcome.Status is not (EnrichmentStatus.Enriched or EnrichmentStatus.NotFound or EnrichmentStatus.Failed)
            || outcome.Error?.Kind is EnrichmentErrorKind.Denied or EnrichmentErrorKind.SourceUnusable)
        {
            return null;
        }

        EnrichmentError? error = outcome.Error is { Exception: not null } other ? other with { Exception = null } : outcome.Error;
        return new(outcome.IssuerId!, outcome.Status, outcome.Attempts)
        {
            Isins = outcome.Isins,
            Error = error,
            Provenance = outcome.Provenance,
            GivenAt = givenAt,
        };
    }
}
