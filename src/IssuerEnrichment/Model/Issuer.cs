namespace IssuerEnrichment;

/// <summary>An issuer: its id, and what enrichment found.</summary>
/// <param name="Id">The id as the caller had it, even if null or blank: such an issuer gets its outcome too, and nothing is lost.</param>
/// <param name="Isins">The ISINs of its securities; null until the service answered, empty only if it said that there are none.</param>
/// <param name="Type">Its type; null until enriched, and set together with <paramref name="Isins"/>.</param>
/// <remarks>Immutable, if the list is. Two issuers with equal but separate lists of ISINs are not equal.</remarks>
public sealed record Issuer(string? Id, IReadOnlyList<string>? Isins = null, IssuerType? Type = null);
