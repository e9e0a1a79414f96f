namespace IssuerEnrichment;

/// <summary>The outcome of one input of a run that loads an attribute. Every input of a run gets exactly one, including duplicates.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <remarks>Immutable and thread-safe if the value is.</remarks>
public sealed class EnrichmentOutcome<T> : IPositionedOutcome
    where T : notnull
{
    private readonly EnrichmentOutcome _outcome;

    internal EnrichmentOutcome(EnrichmentOutcome outcome) => _outcome = outcome;

    /// <inheritdoc cref="EnrichmentOutcome.Position" />
    public long Position => _outcome.Position;

    /// <inheritdoc cref="EnrichmentOutcome.IssuerId" />
    public string? IssuerId => _outcome.IssuerId;

    /// <inheritdoc cref="EnrichmentOutcome.Status" />
    public EnrichmentStatus Status => _outcome.Status;

    /// <summary>The value of the attribute; the default value unless <see cref="Status"/> is <see cref="EnrichmentStatus.Enriched"/>.</summary>
    public T? Value => _outcome.Value is T value ? value : default;

    /// <inheritdoc cref="EnrichmentOutcome.Error" />
    public EnrichmentError? Error => _outcome.Error;

    /// <inheritdoc cref="EnrichmentOutcome.Attempts" />
    public int Attempts => _outcome.Attempts;

    /// <inheritdoc cref="EnrichmentOutcome.Requests" />
    public int Requests => _outcome.Requests;

    /// <inheritdoc cref="EnrichmentOutcome.IsShared" />
    public bool IsShared => _outcome.IsShared;

    /// <inheritdoc cref="EnrichmentOutcome.Source" />
    public EnrichmentSource Source => _outcome.Source;

    /// <inheritdoc cref="EnrichmentOutcome.Provenance" />
    public AnswerProvenance? Provenance => _outcome.Provenance;

    /// <inheritdoc cref="EnrichmentOutcome.Time" />
    public LookupTime Time => _outcome.Time;

    /// <summary>Returns the id, the status, and the value or the reason why there is none, for people.</summary>
    public override string ToString() => $"{IssuerId}: {Status}, {(Status == EnrichmentStatus.Enriched ? Value : Error?.Message)}";
}
