namespace IssuerEnrichment.Throttling;

/// <summary>What the end of a request says about the service.</summary>
/// <param name="Meaning">The meaning of the answer.</param>
/// <param name="Hint">What the answer says about the service's limits.</param>
/// <param name="IsFirstAttempt">
/// Whether it was the first request for its issuer, or a batch request. Only such failures are evidence of an outage; later failures count against
/// the issuer.
/// </param>
internal readonly record struct GateSignal(AnswerMeaning Meaning, RateHint? Hint = null, bool IsFirstAttempt = true)
{
    /// <summary>Whether the request was for the canary, an issuer that the service has answered for before.</summary>
    public bool IsCanary { get; init; }

    /// <summary>The timestamp when the request was sent; the maximum value if it is unknown.</summary>
    public long SentAt { get; init; } = long.MaxValue;

    /// <summary>The failure; null for a good answer.</summary>
    public EnrichmentError? Error { get; init; }

    /// <summary>Whether the service could not be reached at all.</summary>
    public bool IsUnreachable { get; init; }
}
