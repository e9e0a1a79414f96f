namespace IssuerEnrichment;

/// <summary>What a classifier may know about an issuer.</summary>
/// <param name="IssuerId">The issuer's id.</param>
/// <param name="MarketSectors">The market sectors of the issuer's document, in their order; null is taken as none.</param>
public readonly record struct IssuerTypeEvidence(string IssuerId, IReadOnlyList<string>? MarketSectors)
{
    /// <summary>The market sectors of the issuer's document, in their order; never null, not even in a default instance.</summary>
    public IReadOnlyList<string> MarketSectors { get => field ?? []; init; } = MarketSectors;

    /// <summary>Where the answer about the issuer comes from, and what else was said in it; null where the client does not say.</summary>
    public AnswerProvenance? Provenance { get; init; }
}
