using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>How the enrichment of one input ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentStatus>))]
public enum EnrichmentStatus
{
    /// <summary>The run ended before there was a verdict: deadline, stop or outage; <see cref="EnrichmentOutcome.Error"/> says which.</summary>
    NotAttempted,

    /// <summary>The service answered with the issuer's ISINs; the list is empty only if the service really said so.</summary>
    Enriched,

    /// <summary>The service knows no such issuer.</summary>
    NotFound,

    /// <summary>The id was refused before any request.</summary>
    Invalid,

    /// <summary>Given up: the error is permanent, or the attempts are exhausted.</summary>
    Failed,
}
