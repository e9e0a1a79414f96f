namespace IssuerEnrichment.Throttling;

/// <summary>The meaning of the end of a request, determined once for the gate, the retry, the journal and the report.</summary>
internal enum AnswerMeaning
{
    /// <summary>No meaning: the request was cancelled, or the caller is at fault.</summary>
    None,

    /// <summary>The service answered.</summary>
    Good,

    /// <summary>The service answered that there is no such issuer.</summary>
    NotFound,

    /// <summary>The answer is not ready yet, and the service says when to ask again (202 with Retry-After).</summary>
    NotReady,

    /// <summary>The service throttled the request: 429, or a response with a time to retry after.</summary>
    Throttled,

    /// <summary>
    /// The service is unavailable (503, 529) without a time to retry after. This is throttling if it correlates with load, otherwise a failure.
    /// </summary>
    Overloaded,

    /// <summary>The service rejected the request for this issuer for good (most 4xx).</summary>
    Rejected,

    /// <summary>
    /// The service, or a proxy in front of it, denied access (401, 403, 407, or a certificate that is not accepted), or the source is unusable.
    /// </summary>
    Denied,

    /// <summary>The service failed (408, 5xx), the connection broke, or the body cannot be read.</summary>
    Broken,

    /// <summary>The attempt was cut short because it took too long. This says nothing about whether the service is up.</summary>
    Impatience,
}
