namespace IssuerEnrichment;

/// <summary>A document: its issuers, and the market sectors that decide their type.</summary>
/// <param name="Issuers">The issuers, in the document's order; null is taken as empty.</param>
/// <param name="MarketSectors">The market sectors, the first of which counts; null is taken as empty.</param>
/// <remarks>Immutable, if the lists are: they are kept, not copied. Two documents with equal but separate lists are not equal.</remarks>
public sealed record IssuerDocument(IReadOnlyList<Issuer>? Issuers, IReadOnlyList<string>? MarketSectors = null)
{
    /// <summary>The issuers, in the document's order; never null.</summary>
    public IReadOnlyList<Issuer> Issuers { get; init => field = value ?? []; } = Issuers ?? [];

    /// <summary>The market sectors, the first of which counts; never null.</summary>
    public IReadOnlyList<string> MarketSectors { get; init => field = value ?? []; } = MarketSectors ?? [];
}
