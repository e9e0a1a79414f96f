using IssuerEnrichment.Throttling;

namespace IssuerEnrichment;

/// <summary>One attempt to ask the service failed, in a way that the client understood.</summary>
public sealed class IssuerServiceException : Exception
{
    /// <summary>Describes a failed attempt.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">One sentence for the user. It must hold no secrets and no raw text from the service.</param>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public IssuerServiceException(EnrichmentErrorKind kind, string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        IsTransient = isTransient;
    }

    /// <summary>Describes an answer whose status is no success: which kind of failure it is, whether another attempt may succeed, and when.</summary>
    /// <param name="response">The answer. Its body is not read.</param>
    /// <param name="timeProvider">The clock, for a <c>Retry-After</c> that is a date; null means the system's.</param>
    public static IssuerServiceException FromResponse(HttpResponseMessage response, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        DateTimeOffset now = (timeProvider ?? TimeProvider.System).GetUtcNow();
        RateHint? hint = RateHeaders.Read(response.Headers, now);
        Judgement judgement = AnswerJudge.Judge((int)response.StatusCode, hint);
        EnrichmentError error = judgement.Error
            ?? new(EnrichmentErrorKind.UnexpectedAnswer, $"The service answered with status {(int)response.StatusCode}, which was not expected.");
        return new IssuerServiceException(error.Kind, error.Message, judgement.IsTransient)
        {
            HttpStatus = (int)response.StatusCode,
            RetryAfter = hint?.HoldBack(refused: true),
            Hint = hint,
        };
    }

    /// <summary>What went wrong.</summary>
    public EnrichmentErrorKind Kind { get; }

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient { get; }

    /// <summary>The HTTP status of the answer; null where there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long the service asked to be left alone (<c>Retry-After</c>, RFC 9110 section 10.2.3); null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>All that the answer said about the service's limits.</summary>
    internal RateHint? Hint { get; private init; }
}
