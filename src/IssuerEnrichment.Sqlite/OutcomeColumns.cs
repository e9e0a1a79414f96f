using System.Runtime.InteropServices;

namespace IssuerEnrichment.Sqlite;

/// <summary>Converts values to columns: as words, so that people can read the table.</summary>
internal static class OutcomeColumns
{
    /// <summary>
    /// Converts an id to a key: text, or bytes if it contains a surrogate or a zero. As text, ids that differ only there or after a zero would be
    /// equal.
    /// </summary>
    public static object KeyOf(string issuerId) => issuerId.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || issuerId.Contains('\0')
        ? MemoryMarshal.AsBytes(issuerId.AsSpan()).ToArray()
        : issuerId;

    /// <summary>Converts the stored milliseconds since 1970 to a time.</summary>
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
        _ => throw new ArgumentException($"'{name}' is not a status.", nameof(name)),
    };
}
