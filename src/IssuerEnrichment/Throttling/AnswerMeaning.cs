namespace IssuerEnrichment.Throttling;

/// <summary>What the end of a request means, decided once for the gate, the retry, the journal and the report.</summary>
internal enum AnswerMeaning
{
    /// <summary>Nothing: the request was cancelled, or the fault is the caller's own.</summary>
    None,

    /// <summary>The service answered.</summary>
    Good,

    /// <summary>The service answered that it knows no such issuer.</summary>
    NotFound,

    /// <summary>The service is at work on the answer and names a time to come back for it (202 with Retry-After).</summary>
    NotReady,

    /// <summary>The service asks for fewer requests: 429, or an answer that names a time to come back.</summary>
    Throttled,

    /// <summary>The service is unavailable (503, 529) and does not say until when: throttling if it comes with load, a failure otherwise.</summary>
    Overloaded,

    /// <summary>The service rejects this issuer for good (most 4xx).</summary>
    Rejected,

    /// <summary>The service, or a proxy before it, denies the caller access (401, 403, 407, or a certificate that is not accepted), or the source is unusable.</summary>
    Denied,

    /// <summary>The service failed (408, 5xx), the connection broke, or the body cannot be read.</summary>
    Broken,

    /// <summary>The request was cut short here because it took long. Says nothing about whether the service is up.</summary>
    Impatience,
}
