using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>How the enrichment of one input ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentStatus>))]
public enum EnrichmentStatus
{
    /// <summary>The run ended first, because of a deadline, a stop or an outage. <see cref="EnrichmentOutcome.Error"/> says which.</summary>
    NotAttempted,

    /// <summary>The service returned the issuer's ISINs. The list is empty only if the service said that there are none.</summary>
    Enriched,

    /// <summary>The service has no such issuer.</summary>
    NotFound,

    /// <summary>The id is invalid. No request was sent.</summary>
    Invalid,

    /// <summary>The lookup failed: the error is permanent, or all attempts were used.</summary>
    Failed,
}
