using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>What a run waited for most, and so what would make it faster.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunLimit>))]
public enum RunLimit
{
    /// <summary>The service's own latency: more lookups at a time would not have helped.</summary>
    Service,

    /// <summary>The number of lookups at a time.</summary>
    Concurrency,

    /// <summary>The client-side rate limit, or the service's.</summary>
    Rate,

    /// <summary>Failed attempts and the waits between them.</summary>
    Retries,

    /// <summary>The service was down.</summary>
    Outage,
}
