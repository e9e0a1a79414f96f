using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>What a run spent most of its time waiting for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunLimit>))]
public enum RunLimit
{
    /// <summary>The latency of the service. A higher concurrency would not have helped.</summary>
    Service,

    /// <summary>The maximum concurrency.</summary>
    Concurrency,

    /// <summary>A rate limit, client-side or of the service.</summary>
    Rate,

    /// <summary>Failed attempts and the delays between them.</summary>
    Retries,

    /// <summary>Outages of the service.</summary>
    Outage,
}
