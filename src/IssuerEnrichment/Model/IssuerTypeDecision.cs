namespace IssuerEnrichment;

/// <summary>The type of an issuer, and why.</summary>
/// <param name="Type">The type.</param>
/// <param name="Rule">The rule that decided, as a short sentence for people.</param>
/// <param name="UnknownSector">The market sector that no rule knows, as it was given (empty if it was null); null if none was met.</param>
public sealed record IssuerTypeDecision(IssuerType Type, string Rule, string? UnknownSector = null);
