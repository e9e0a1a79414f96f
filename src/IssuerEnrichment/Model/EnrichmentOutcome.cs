namespace IssuerEnrichment;

/// <summary>The outcome of one input. Every input of a run gets exactly one, including duplicates.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class EnrichmentOutcome : IPositionedOutcome
{
    internal EnrichmentOutcome(long position, string? issuerId, EnrichmentStatus status)
    {
        Position = position;
        IssuerId = issuerId;
        Status = status;
    }

    /// <summary>The zero-based position of the input in the sequence.</summary>
    public long Position { get; }

    /// <summary>The id, exactly as it was given.</summary>
    public string? IssuerId { get; }

    /// <summary>How the enrichment of this input ended.</summary>
    public EnrichmentStatus Status { get; }

    /// <summary>The issuer's ISINs; null unless the issuer was enriched.</summary>
    public IReadOnlyList<string>? Isins => Value as IReadOnlyList<string>;

    /// <summary>
    /// The entries of <see cref="Isins"/> that violate ISO 6166, for example by a wrong check digit. They are reported, never removed. Each call
    /// validates them again.
    /// </summary>
    public IReadOnlyList<string> MalformedIsins => Isins is { } isins ? [.. isins.Where(isin => !Isin.IsValid(isin))] : [];

    /// <summary>The issuer's type; null unless enriched.</summary>
    public IssuerType? Type => TypeDecision?.Type;

    /// <summary>The rule that determined the type; null unless enriched.</summary>
    public string? TypeRule => TypeDecision?.Rule;

    /// <summary>Why the input was not enriched; null if it was.</summary>
    public EnrichmentError? Error { get; internal init; }

    /// <summary>
    /// The number of attempts for this id; 0 if there was none. For an outcome from the journal it is the number that the earlier run made.
    /// Requests that bisect a failed batch belong to the attempt that sent the batch.
    /// </summary>
    public int Attempts { get; internal init; }

    /// <summary>
    /// The number of requests sent for this input. It exceeds the number of attempts if a lookup takes several requests, and is lower if a request
    /// was shared with another input. A batch request counts for the first of its issuers only.
    /// </summary>
    public int Requests { get; internal init; }

    /// <summary>Whether this outcome was shared from an earlier input with the same id.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Where the answer came from: the service, the cache or the journal.</summary>
    public EnrichmentSource Source { get; internal init; }

    /// <summary>The provenance that the client attached to the answer; null if there is no answer, or the client attached none.</summary>
    public AnswerProvenance? Provenance { get; internal init; }

    /// <summary>The time this input took, by activity.</summary>
    public LookupTime Time => (Waits?.Time ?? default) + new LookupTime { Queued = Admission, OnTheWire = OnTheWire };

    /// <summary>The part of <see cref="Time"/> spent waiting for a first slot.</summary>
    internal TimeSpan Admission { get; init; }

    /// <summary>The part of <see cref="Time"/> spent on the wire.</summary>
    internal TimeSpan OnTheWire { get; init; }

    /// <summary>All other waits in <see cref="Time"/>; null if there were none, as in most lookups.</summary>
    internal LookupWaits? Waits { get; init; }

    /// <summary>What was loaded: the ISINs, or another attribute; null unless enriched.</summary>
    internal object? Value { get; init; }

    /// <summary>The type and the rule that determined it; null unless enriched.</summary>
    internal IssuerTypeDecision? TypeDecision { get; init; }

    /// <summary>Whether this run queried the service for this input itself.</summary>
    internal bool WasAsked => Attempts > 0 && !IsShared && Source != EnrichmentSource.Journal;

    /// <summary>Returns the id, the status and a summary of the result, for people.</summary>
    public override string ToString() =>
        Isins is { } isins ? $"{IssuerId}: {Status}, {isins.Count} ISINs, {Type}" : $"{IssuerId}: {Status}, {Error?.Message}";

    /// <summary>Creates the same outcome for another input with the same id.</summary>
    internal EnrichmentOutcome ShareWith(long position, string issuerId, TimeSpan waited) => new(position, issuerId, Status)
    {
        IsShared = true,
        Value = Value,
        TypeDecision = TypeDecision,
        Error = Error,
        Attempts = Attempts,
        Source = Source,
        Provenance = Provenance,
        Admission = waited,
    };
}
