namespace IssuerEnrichment;

/// <summary>An issuer: its id and the result of its enrichment.</summary>
/// <param name="Id">The id, exactly as given. It may be null or blank; such an issuer gets an outcome too.</param>
/// <param name="Isins">The ISINs of its securities; null until enriched, empty if the service said that there are none.</param>
/// <param name="Type">Its type; null until enriched. It is set together with <paramref name="Isins"/>.</param>
/// <remarks>Immutable if the list is. Equality compares the lists by reference.</remarks>
public sealed record Issuer(string? Id, IReadOnlyList<string>? Isins = null, IssuerType? Type = null);
