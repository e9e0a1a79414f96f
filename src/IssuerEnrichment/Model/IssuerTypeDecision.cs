namespace IssuerEnrichment;

/// <summary>The type of an issuer, and the reason.</summary>
/// <param name="Type">The type.</param>
/// <param name="Rule">The rule that applied, as a short sentence for people.</param>
/// <param name="UnknownSector">The market sector that has no rule, as it was given (empty if it was null); null if there was none.</param>
public sealed record IssuerTypeDecision(IssuerType Type, string Rule, string? UnknownSector = null);
