using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>The categories of errors that keep an issuer from being enriched.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentErrorKind>))]
public enum EnrichmentErrorKind
{
    /// <summary>The id is invalid. No request was sent.</summary>
    InvalidId,

    /// <summary>The connection failed, or broke before the response was complete.</summary>
    Network,

    /// <summary>No response arrived within the attempt timeout.</summary>
    Timeout,

    /// <summary>The service throttled the request: status 429, or 403 or 503 with a time to retry after.</summary>
    Throttled,

    /// <summary>The service failed or is unavailable (5xx, 408).</summary>
    ServiceError,

    /// <summary>The service rejected the request for this issuer; a retry would fail too (404, other 3xx and 4xx).</summary>
    Rejected,

    /// <summary>
    /// The service, or a proxy in front of it, denied access (401, 403, 407), or the TLS handshake failed. This is assumed to affect all issuers,
    /// unless others get answers.
    /// </summary>
    Denied,

    /// <summary>The response is not a list of ISINs: it is empty, truncated, HTML, or JSON of another shape.</summary>
    UnexpectedAnswer,

    /// <summary>The response is larger than the client accepts.</summary>
    AnswerTooLarge,

    /// <summary>The client or the strategy broke its contract: it threw an unexpected exception or returned no answer.</summary>
    Fault,

    /// <summary>The run's deadline expired first.</summary>
    Deadline,

    /// <summary>The run was stopped first.</summary>
    Stopped,

    /// <summary>The service was down for longer than the run waits.</summary>
    Outage,

    /// <summary>The service answered, but the answer is known to lack some of the issuer's ISINs. The message says how to get them.</summary>
    Incomplete,

    /// <summary>
    /// The client cannot answer for any issuer, for example because its file is missing or damaged, or its folder cannot be written to.
    /// </summary>
    SourceUnusable,
}
