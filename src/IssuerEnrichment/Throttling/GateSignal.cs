namespace IssuerEnrichment.Throttling;

/// <summary>What a request's end says about the service.</summary>
/// <param name="Meaning">What the answer means.</param>
/// <param name="Hint">What it says about the service's limits.</param>
/// <param name="IsFirstAttempt">
/// Whether it was the first for its issuer, or was for several. Only such failures are evidence of an outage: one that follows an issuer fails that
/// issuer.
/// </param>
internal readonly record struct GateSignal(AnswerMeaning Meaning, RateHint? Hint = null, bool IsFirstAttempt = true)
{
    /// <summary>Whether it asked for an issuer that the service has answered for before.</summary>
    public bool IsCanary { get; init; }

    /// <summary>When it was sent, as a timestamp; the latest there is where that is not known.</summary>
    public long SentAt { get; init; } = long.MaxValue;

    /// <summary>What failed; null for a good answer.</summary>
    public EnrichmentError? Error { get; init; }

    /// <summary>Whether nobody was reached at all.</summary>
    public bool IsUnreachable { get; init; }
}
