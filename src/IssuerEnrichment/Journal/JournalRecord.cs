namespace IssuerEnrichment;

/// <summary>A verdict on one issuer, as a journal keeps it. The issuer's type is not in it: that follows from the market sectors of each run.</summary>
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

    /// <summary>The verdict: <see cref="EnrichmentStatus.Enriched"/>, <see cref="EnrichmentStatus.NotFound"/> or <see cref="EnrichmentStatus.Failed"/>.</summary>
    public EnrichmentStatus Status { get; }

    /// <summary>How often the service was asked.</summary>
    public int Attempts { get; }

    /// <summary>The issuer's ISINs as the service gave them; null unless enriched.</summary>
    public IReadOnlyList<string>? Isins { get; private init; }

    /// <summary>Why it was not enriched, without the exception; null where it was.</summary>
    public EnrichmentError? Error { get; private init; }

    /// <summary>Where the answer came from, as its client told it; null where it did not.</summary>
    public AnswerProvenance? Provenance { get; init; }

    /// <summary>When the verdict was given, to the millisecond.</summary>
    public DateTimeOffset GivenAt { get; init; }

    /// <summary>The service answered with the issuer's ISINs.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="isins">The ISINs, possibly none.</param>
    /// <param name="attempts">How often the service was asked.</param>
    /// <exception cref="ArgumentException">The id or the list is null, or the attempts are negative.</exception>
    public static JournalRecord Enriched(string issuerId, IReadOnlyList<string> isins, int attempts)
    {
        ArgumentNullException.ThrowIfNull(isins);
        return new JournalRecord(issuerId, EnrichmentStatus.Enriched, attempts) { Isins = isins };
    }

    /// <summary>There are no ISINs: the service knows no such issuer, or the lookup failed.</summary>
    /// <param name="issuerId">The issuer's id.</param>
    /// <param name="status"><see cref="EnrichmentStatus.NotFound"/> or <see cref="EnrichmentStatus.Failed"/>.</param>
    /// <param name="error">Why. Its exception is left out.</param>
    /// <param name="attempts">How often the service was asked.</param>
    /// <exception cref="ArgumentException">The status is another one, the id or the error is null, or the attempts are negative.</exception>
    public static JournalRecord Unanswered(string issuerId, EnrichmentStatus status, EnrichmentError error, int attempts)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (status is not (EnrichmentStatus.NotFound or EnrichmentStatus.Failed))
            throw new ArgumentException($"A journal keeps NotFound and Failed without ISINs; {status} is neither.", nameof(status));
        return new JournalRecord(issuerId, status, attempts) { Error = error.Exception is null ? error : error with { Exception = null } };
    }

    /// <summary>Makes the record of an outcome; null where there is no verdict on the issuer, so that it is asked for again.</summary>
    internal static JournalRecord? Of(EnrichmentOutcome outcome, DateTimeOffset givenAt)
    {
        // That access is denied, or the source unusable, is the caller's affair: with another key, or a whole file, the answer is another one.
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
