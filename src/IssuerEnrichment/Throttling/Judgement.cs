namespace IssuerEnrichment.Throttling;

/// <summary>The meaning of the end of a request, shared by the gate, the retry, the outcome and the journal.</summary>
/// <param name="Meaning">The meaning.</param>
/// <param name="Error">The error for the user; null for a good answer.</param>
/// <param name="Hint">What the service says about its limits.</param>
internal readonly record struct Judgement(AnswerMeaning Meaning, EnrichmentError? Error = null, RateHint? Hint = null)
{
    /// <summary>Whether the service could not be reached at all: its name is unknown, or the connection was refused.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether the service answered.</summary>
    public bool IsGood => Meaning is AnswerMeaning.Good or AnswerMeaning.NotFound or AnswerMeaning.NotReady;

    /// <summary>Whether a retry may succeed.</summary>
    public bool IsTransient => Meaning is AnswerMeaning.Throttled or AnswerMeaning.Overloaded or AnswerMeaning.NotReady
        or AnswerMeaning.Broken or AnswerMeaning.Impatience;

    /// <summary>How long the service asked to wait; null if it did not say.</summary>
    public TimeSpan? RetryAfter => Hint?.RetryAfter;
}
