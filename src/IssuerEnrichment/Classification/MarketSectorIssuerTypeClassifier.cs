namespace IssuerEnrichment;

/// <summary>
/// Determines the type from the first market sector alone, by ordinal comparison: none → <c>Corporate</c>, <c>Provinces and Municipalities</c> →
/// <c>Municipality</c>, <c>Sovereign</c> → <c>Sovereign</c>, any other → <c>Corporate</c>, which is reported as unknown.
/// </summary>
/// <remarks>Stateless and thread-safe. Allocates only for an unknown sector.</remarks>
public sealed class MarketSectorIssuerTypeClassifier : IIssuerTypeClassifier
{
    private static readonly IssuerTypeDecision NoSector = new(IssuerType.Corporate, "There is no market sector.");

    private static readonly IssuerTypeDecision Municipality =
        new(IssuerType.Municipality, "The first market sector is 'Provinces and Municipalities'.");

    private static readonly IssuerTypeDecision Sovereign = new(IssuerType.Sovereign, "The first market sector is 'Sovereign'.");

    /// <inheritdoc/>
    public IssuerTypeDecision Classify(in IssuerTypeEvidence evidence) => evidence.MarketSectors switch
    {
        [] => NoSector,
        ["Provinces and Municipalities", ..] => Municipality,
        ["Sovereign", ..] => Sovereign,
        [var unknown, ..] => new(IssuerType.Corporate, "There is no rule for the first market sector.", unknown ?? ""),
    };
}
