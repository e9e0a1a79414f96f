namespace IssuerEnrichment.Throttling;

/// <summary>What the end of a request means: the same for the gate, the retry, the outcome and the journal.</summary>
/// <param name="Meaning">The meaning.</param>
/// <param name="Error">Says so to the user; null for a good answer.</param>
/// <param name="Hint">What the service says about its limits.</param>
internal readonly record struct Judgement(AnswerMeaning Meaning, EnrichmentError? Error = null, RateHint? Hint = null)
{
    /// <summary>Whether nobody was reached at all: the name is unknown, or the connection was refused.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>Whether the service answered.</summary>
    public bool IsGood => Meaning is AnswerMeaning.Good or AnswerMeaning.NotFound or AnswerMeaning.NotReady;

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient => Meaning is AnswerMeaning.Throttled or AnswerMeaning.Overloaded or AnswerMeaning.NotReady
        or AnswerMeaning.Broken or AnswerMeaning.Impatience;

    /// <summary>How long the service asked to be left alone, or to wait for this answer; null where it did not say.</summary>
    public TimeSpan? RetryAfter => Hint?.RetryAfter;
}
