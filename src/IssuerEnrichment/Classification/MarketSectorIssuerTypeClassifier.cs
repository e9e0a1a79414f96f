namespace IssuerEnrichment;

/// <summary>
/// Decides by the first market sector alone, compared ordinally: none → <c>Corporate</c>, <c>Provinces and Municipalities</c> →
/// <c>Municipality</c>, <c>Sovereign</c> → <c>Sovereign</c>, any other → <c>Corporate</c>, reported as unknown.
/// </summary>
/// <remarks>Stateless and safe to share between threads. Allocates only for a sector it does not know.</remarks>
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
        [var unknown, ..] => new(IssuerType.Corporate, "No rule knows the first market sector.", unknown ?? ""),
    };
}
