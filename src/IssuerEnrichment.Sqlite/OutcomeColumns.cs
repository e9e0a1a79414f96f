using System.Runtime.InteropServices;

namespace IssuerEnrichment.Sqlite;

/// <summary>How values stand in the table: as words, so that it can be read by people.</summary>
internal static class OutcomeColumns
{
    /// <summary>
    /// The id as text, or as bytes where half a surrogate pair may be in it, or a zero: two ids that differ there, or after that, would be the same in UTF-8.
    /// </summary>
    public static object KeyOf(string issuerId) => issuerId.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || issuerId.Contains('\0')
        ? MemoryMarshal.AsBytes(issuerId.AsSpan()).ToArray()
        : issuerId;

    /// <summary>Milliseconds since 1970, as they are kept, as a time.</summary>
    public static DateTimeOffset TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static string NameOf(EnrichmentStatus status) => status switch
    {
        EnrichmentStatus.Enriched => "enriched",
        EnrichmentStatus.NotFound => "not-found",
        _ => "failed",
    };

    public static EnrichmentStatus StatusOf(string name) => name switch
    {
        "enriched" => EnrichmentStatus.Enriched,
        "not-found" => EnrichmentStatus.NotFound,
        "failed" => EnrichmentStatus.Failed,
        _ => throw new ArgumentException($"'{name}' is no status.", nameof(name)),
    };
}
