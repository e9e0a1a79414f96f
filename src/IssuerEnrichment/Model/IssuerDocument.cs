namespace IssuerEnrichment;

/// <summary>A document: its issuers, and the market sectors that determine their type.</summary>
/// <param name="Issuers">The issuers, in document order. Null is treated as empty.</param>
/// <param name="MarketSectors">The market sectors, of which the first one is used. Null is treated as empty.</param>
/// <remarks>Immutable if the lists are; they are not copied. Equality compares the lists by reference.</remarks>
public sealed record IssuerDocument(IReadOnlyList<Issuer>? Issuers, IReadOnlyList<string>? MarketSectors = null)
{
    /// <summary>The issuers, in document order; never null.</summary>
    public IReadOnlyList<Issuer> Issuers { get; init => field = value ?? []; } = Issuers ?? [];

    /// <summary>The market sectors, of which the first one is used; never null.</summary>
    public IReadOnlyList<string> MarketSectors { get; init => field = value ?? []; } = MarketSectors ?? [];
}
