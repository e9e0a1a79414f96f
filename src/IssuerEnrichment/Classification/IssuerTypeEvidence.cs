namespace IssuerEnrichment;

/// <summary>What is known about an issuer, as input to a classifier.</summary>
/// <param name="IssuerId">The issuer's id.</param>
/// <param name="MarketSectors">The market sectors of the issuer's document, in order. Null is treated as empty.</param>
public readonly record struct IssuerTypeEvidence(string IssuerId, IReadOnlyList<string>? MarketSectors)
{
    /// <summary>The market sectors of the issuer's document, in order; never null, not even in the default instance.</summary>
    public IReadOnlyList<string> MarketSectors { get => field ?? []; init; } = MarketSectors;

    /// <summary>The provenance that the client attached to the answer; null if it attached none.</summary>
    public AnswerProvenance? Provenance { get; init; }
}
