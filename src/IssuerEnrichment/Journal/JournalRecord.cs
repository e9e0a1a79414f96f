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

    /// <summary>What the service returned, as JSON: a list of ISINs, or another attribute. Null unless enriched.</summary>
    public string? Answer { get; private init; }

    /// <summary>Why the issuer was not enriched, without the exception; null if it was.</summary>
    public EnrichmentError? Error { get; private init; }

    /// <summary>The provenance that the client attached to the answer; null if it attached none.</summary>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>When the outcome was recorded, to the millisecond.</summary>
    public DateTimeOffset GivenAt { get; init; }

    /// <summary>Creates a record with an answer.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="answer">The answer as JSON.</param>
    /// <param name="attempts">The number of attempts.</param>
    /// <exception cref="ArgumentException">The id or the answer is null, or the number of attempts is negative.</exception>
    public static JournalRecord Enriched(string issuerId, string answer, int attempts)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new JournalRecord(issuerId, EnrichmentStatus.Enriched, attempts) { Answer = answer };
    }

    /// <summary>Creates a record without an answer: there is no such issuer, or the lookup failed.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="status"><see cref="EnrichmentStatus.NotFound"/> or <see cref="EnrichmentStatus.Failed"/>.</param>
    /// <param name="error">The reason. Its exception is not recorded.</param>
    /// <param name="attempts">The number of attempts.</param>
    /// <exception cref="ArgumentException">The status is another one, the id or the error is null, or the number of attempts is negative.</exception>
    public static JournalRecord Unanswered(string issuerId, EnrichmentStatus status, EnrichmentError error, int attempts)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (status is not (EnrichmentStatus.NotFound or EnrichmentStatus.Failed))
            throw new ArgumentException($"A record without an answer must be NotFound or Failed, not {status}.", nameof(status));
        return new JournalRecord(issuerId, status, attempts) { Error = error.Exception is null ? error : error with { Exception = null } };
    }

    /// <summary>Creates the record of an outcome; null if the outcome is not final, so that a later run looks the issuer up again.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="format">Writes the answer.</param>
    /// <param name="givenAt">The time.</param>
    internal static JournalRecord? Of(EnrichmentOutcome outcome, AnswerFormat format, DateTimeOffset givenAt)
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
            Answer = outcome.Value is { } value ? format.Write(value) : null,
            Error = error,
            Provenance = outcome.Provenance,
            GivenAt = givenAt,
        };
    }
}
