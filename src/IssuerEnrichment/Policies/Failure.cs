using System.Net.Sockets;
using System.Text.Json;
using IssuerEnrichment.Http;
using IssuerEnrichment.Telemetry;
using Polly.RateLimiting;
using Polly.Timeout;

namespace IssuerEnrichment.Policies;

/// <summary>What an attempt's exception means: which kind of failure it is, whether another attempt may succeed, and what the service asked for.</summary>
internal readonly record struct Failure(EnrichmentError Error, bool IsTransient, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether the service asked for a slower pace: 429, or 503 with a time to come back (RFC 6585, RFC 9110 section 15.6.4).</summary>
    public bool IsRefusal => Error.Kind == EnrichmentErrorKind.Throttled || (Error.HttpStatus == 503 && RetryAfter is not null);

    public static Failure Of(Exception exception) => exception switch
    {
        IssuerServiceException e => new(new(e.Kind, e.Message, e.HttpStatus, e), e.IsTransient, e.RetryAfter),
        RateLimiterRejectedException e => new(new(EnrichmentErrorKind.Throttled, "The rate limiter refused the request.", Exception: e), true, e.RetryAfter),
        TimeoutRejectedException e => Transient(EnrichmentErrorKind.Timeout, $"No answer within {e.Timeout.TotalSeconds:0.###} s.", e),
        OperationCanceledException or TimeoutException => Transient(EnrichmentErrorKind.Timeout, "The client timed out.", exception),
        HttpRequestException { StatusCode: { } status } e => Of(HttpFailure.From(status, e)),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } e =>
            new(new(EnrichmentErrorKind.AnswerTooLarge, "The answer is larger than the client accepts.", Exception: e), false),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
            Transient(EnrichmentErrorKind.UnexpectedAnswer, $"The answer is no valid HTTP: {OneLine(exception)}", exception),
        HttpRequestException or IOException or SocketException =>
            Transient(EnrichmentErrorKind.Network, $"The connection failed: {OneLine(exception)}", exception),
        UnexpectedAnswerException => Transient(EnrichmentErrorKind.UnexpectedAnswer, exception.Message, exception),
        JsonException => Transient(EnrichmentErrorKind.UnexpectedAnswer, $"The answer could not be read: {OneLine(exception)}", exception),
        _ => new(new(EnrichmentErrorKind.Fault, $"The client threw {exception.GetType().Name}: {OneLine(exception)}", Exception: exception), false),
    };

    private static Failure Transient(EnrichmentErrorKind kind, string message, Exception exception) =>
        new(new EnrichmentError(kind, message, Exception: exception), IsTransient: true);

    // Messages of exceptions can quote what a service sent. Of those of HTTP the innermost says what happened; the outermost, where nobody was reached.
    private static string OneLine(Exception exception) => LogText.Of(exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => exception.Message,
        HttpRequestException => exception.GetBaseException().Message,
        _ => exception.Message,
    });
}
