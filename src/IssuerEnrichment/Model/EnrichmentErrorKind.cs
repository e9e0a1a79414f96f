using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>What kept an issuer from being enriched.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnrichmentErrorKind>))]
public enum EnrichmentErrorKind
{
    /// <summary>The id is invalid: nothing was sent.</summary>
    InvalidId,

    /// <summary>No connection, or one that broke before the answer was whole.</summary>
    Network,

    /// <summary>No answer within the time allowed for an attempt.</summary>
    Timeout,

    /// <summary>The service asked for a slower pace (429, or 403 and 503 that name a time to come back).</summary>
    Throttled,

    /// <summary>The service failed or is unavailable (5xx, 408).</summary>
    ServiceError,

    /// <summary>The service rejected the request for this issuer, and would again (404, other 3xx and 4xx).</summary>
    Rejected,

    /// <summary>
    /// The service, or a proxy before it, denied access (401, 403, 407), or the two could not agree on a secure connection. That concerns all issuers,
    /// unless others are answered.
    /// </summary>
    Denied,

    /// <summary>The answer was no ISIN list: empty, truncated, HTML, or JSON of another shape.</summary>
    UnexpectedAnswer,

    /// <summary>The answer was larger than the client accepts.</summary>
    AnswerTooLarge,

    /// <summary>The client or the strategy broke its contract: it threw an unknown exception, or gave no answer.</summary>
    Fault,

    /// <summary>The run's deadline came first.</summary>
    Deadline,

    /// <summary>The run was asked to stop.</summary>
    Stopped,

    /// <summary>The service was down for longer than the run was willing to wait.</summary>
    Outage,

    /// <summary>The service answered, but demonstrably without all of the issuer's ISINs; the message says what will give them.</summary>
    Incomplete,

    /// <summary>The client cannot answer for anybody: its file is missing or damaged, say, or its folder cannot be written to. That concerns all issuers.</summary>
    SourceUnusable,
}
