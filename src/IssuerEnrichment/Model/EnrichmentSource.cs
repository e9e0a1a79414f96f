using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>Where an outcome came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentSource>))]
public enum EnrichmentSource
{
    /// <summary>Nowhere: there is no answer.</summary>
    None,

    /// <summary>The remote service.</summary>
    Service,

    /// <summary>The journal: an earlier run recorded the outcome, which may be a failure. The attempts are those of that run.</summary>
    Journal,

    /// <summary>The cache, or another run's concurrent lookup of the same issuer. This run sent no request for it.</summary>
    Cache,
}
