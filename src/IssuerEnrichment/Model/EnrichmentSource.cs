using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>Where a verdict came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentSource>))]
public enum EnrichmentSource
{
    /// <summary>Not from outside: there is no answer.</summary>
    None,

    /// <summary>The remote service.</summary>
    Service,

    /// <summary>The journal: the verdict, be it a failure, is that of an earlier run. Its attempts are counted there.</summary>
    Journal,

    /// <summary>The cache, or another run's lookup of the same issuer at the same time: this run made no request for it.</summary>
    Cache,
}
