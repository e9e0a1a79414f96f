using IssuerEnrichment.Throttling;

namespace IssuerEnrichment;

/// <summary>Thrown by a client when an attempt failed for a reason that it understands.</summary>
public sealed class IssuerServiceException : Exception
{
    /// <summary>Creates an exception for a failed attempt.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">One sentence for the user. It must not contain secrets or raw text from the service.</param>
    /// <param name="isTransient">Whether a retry may succeed.</param>
    /// <param name="innerException">The cause, if any.</param>
    public IssuerServiceException(EnrichmentErrorKind kind, string message, bool isTransient, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        IsTransient = isTransient;
    }

    /// <summary>Creates an exception for a response with an error status: the kind of failure, whether a retry may succeed, and when.</summary>
    /// <param name="response">The response. Its body is not read.</param>
    /// <param name="timeProvider">The clock, used if <c>Retry-After</c> is a date; null means the system clock.</param>
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

    /// <summary>Whether a retry may succeed.</summary>
    public bool IsTransient { get; }

    /// <summary>The HTTP status of the response; null if there was none.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long the service asked to wait before a retry (<c>Retry-After</c>, RFC 9110 section 10.2.3); null if it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the response said about the service's rate limits.</summary>
    internal RateHint? Hint { get; private init; }
}
