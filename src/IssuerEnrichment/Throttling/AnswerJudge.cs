using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Telemetry;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace IssuerEnrichment.Throttling;

/// <summary>Classifies answers, and exceptions in place of answers. This is the only place that does.</summary>
internal static class AnswerJudge
{
    // A shorter timeout cannot be configured, so it is what earlier attempts have left of the lookup's timeout.
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromMilliseconds(10);

    /// <summary>Classifies an HTTP response. The body of a success response must have been read.</summary>
    /// <param name="response">The response.</param>
    /// <param name="now">The current time, for headers that contain a date.</param>
    public static Judgement Judge(HttpResponseMessage response, DateTimeOffset now)
    {
        RateHint? hint = RateHeaders.Read(response.Headers, now);
        if (response.StatusCode == HttpStatusCode.OK && IsHtmlPage(response.Content))
            return new(AnswerMeaning.Broken, new(EnrichmentErrorKind.UnexpectedAnswer, "The answer is HTML, not JSON."), hint);
        return Judge((int)response.StatusCode, hint);
    }

    /// <summary>Classifies an HTTP status, with what the response says about limits.</summary>
    public static Judgement Judge(int status, RateHint? hint, Exception? cause = null)
    {
        AnswerMeaning meaning = MeaningOf(status, hint);
        return meaning == AnswerMeaning.Good ? new(meaning, Hint: hint) : new(meaning, ErrorOf(meaning, status, cause), hint);
    }

    /// <summary>Classifies an exception of a client, a handler or a policy.</summary>
    public static Judgement Judge(Exception exception) => exception switch
    {
        IssuerServiceException e => Judge(e),
        LookupEndedException e => new(AnswerMeaning.None, e.Error),
        ServiceDownException => new(AnswerMeaning.None, new(EnrichmentErrorKind.Outage, exception.Message, Exception: exception)),
        CutShortException e => new(AnswerMeaning.Impatience, new(EnrichmentErrorKind.Timeout, e.Message, Exception: e)),
        TimeoutRejectedException e when e.Timeout < ShortestAttempt =>
            Broken(EnrichmentErrorKind.Timeout, "The timeout for all attempts of the lookup expired (Timeout.Lookup).", e),
        TimeoutRejectedException e => Broken(
            EnrichmentErrorKind.Timeout, $"No answer within {e.Timeout.TotalSeconds:0.###} s (Timeout.Attempt, or the rest of Timeout.Lookup).", e),
        _ when IsOutOfFiles(exception) => Paused(
            "The process has reached its limit of open files and connections (ulimit -n); lower MaxConcurrency or raise the limit.", retryAfter: null, exception),
        BrokenCircuitException e => Paused("A custom circuit breaker is open.", e.RetryAfter, e),
        RateLimiterRejectedException e => Paused("The rate limiter rejected the request.", e.RetryAfter, e),
        ExecutionRejectedException e => Paused($"A custom policy rejected the request: {OneLine(e)}", retryAfter: null, e),
        OperationCanceledException or TimeoutException => Broken(EnrichmentErrorKind.Timeout, "The client timed out.", exception),
        HttpRequestException e => Judge(e),
        IOException or SocketException => Broken(EnrichmentErrorKind.Network, $"The connection failed: {OneLine(exception)}", exception),
        UnexpectedAnswerException => Broken(EnrichmentErrorKind.UnexpectedAnswer, exception.Message, exception),
        JsonException => Broken(EnrichmentErrorKind.UnexpectedAnswer, $"The answer could not be read: {OneLine(exception)}", exception),
        _ => Final(EnrichmentErrorKind.Fault, $"The client threw {exception.GetType().Name}: {OneLine(exception)}", exception),
    };

    // 429: RFC 6585, section 4. 503 with Retry-After: RFC 9110, section 15.6.4. 529 is in no RFC; services use it for "overloaded". GitHub throttles
    // with status 403 and Retry-After, or a quota with nothing left. 202 with Retry-After: the answer is not ready yet (RFC 9110, section 15.3.3).
    private static AnswerMeaning MeaningOf(int status, RateHint? hint) => status switch
    {
        202 when hint?.RetryAfter is not null => AnswerMeaning.NotReady,
        >= 200 and < 300 => AnswerMeaning.Good,
        404 => AnswerMeaning.NotFound,
        429 => AnswerMeaning.Throttled,
        403 or 503 or 529 when hint is { RetryAfter: not null } or { Quota.Remaining: 0 } => AnswerMeaning.Throttled,
        503 or 529 => AnswerMeaning.Overloaded,
        401 or 403 or 407 => AnswerMeaning.Denied,
        408 or >= 500 => AnswerMeaning.Broken,
        _ => AnswerMeaning.Rejected,
    };

    private static EnrichmentError ErrorOf(AnswerMeaning meaning, int status, Exception? cause)
    {
        (EnrichmentErrorKind kind, string message) = (meaning, status) switch
        {
            (AnswerMeaning.NotFound, _) => (EnrichmentErrorKind.Rejected, "The service knows no such issuer (404)."),
            (AnswerMeaning.NotReady, _) => (EnrichmentErrorKind.ServiceError, "The answer was not ready yet (202)."),
            (AnswerMeaning.Throttled, _) => (EnrichmentErrorKind.Throttled, $"The service throttled the request ({status})."),
            (AnswerMeaning.Denied, 407) => (EnrichmentErrorKind.Denied, "A proxy denied access (407): check its credentials."),
            (AnswerMeaning.Denied, _) => (EnrichmentErrorKind.Denied, $"The service denied access ({status}): check the credentials."),
            (AnswerMeaning.Rejected, >= 300 and < 400) =>
                (EnrichmentErrorKind.Rejected, $"The service redirected to where the client does not follow ({status})."),
            (AnswerMeaning.Rejected, _) => (EnrichmentErrorKind.Rejected, $"The service rejected the request with status {status}."),
            _ => (EnrichmentErrorKind.ServiceError, $"The service failed with status {status}."),
        };
        return new EnrichmentError(kind, message, status, cause);
    }

    // A failure that the client understood. Its IsTransient takes precedence over what the status usually means.
    private static Judgement Judge(IssuerServiceException e)
    {
        RateHint? hint = e.Hint ?? (e.RetryAfter is { } wait ? new RateHint(wait, default) : null);
        AnswerMeaning usual = e.HttpStatus is { } status ? MeaningOf(status, hint) : AnswerMeaning.None;
        AnswerMeaning meaning = e.Kind == EnrichmentErrorKind.Throttled ? AnswerMeaning.Throttled
            : e.IsTransient ? usual is AnswerMeaning.Throttled or AnswerMeaning.Overloaded or AnswerMeaning.NotReady ? usual : AnswerMeaning.Broken
            : usual is AnswerMeaning.Rejected or AnswerMeaning.Denied ? usual
            : e.Kind is EnrichmentErrorKind.Denied or EnrichmentErrorKind.SourceUnusable ? AnswerMeaning.Denied
            : e.Kind == EnrichmentErrorKind.Rejected ? AnswerMeaning.Rejected
            : AnswerMeaning.None;
        return new(meaning, new(e.Kind, e.Message, e.HttpStatus, e), hint);
    }

    private static Judgement Judge(HttpRequestException e) => e switch
    {
        { HttpRequestError: HttpRequestError.ProxyTunnelError } => JudgeProxy(e),
        { StatusCode: { } status } => Judge((int)status, hint: null, e),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            Final(EnrichmentErrorKind.AnswerTooLarge, "The answer is larger than the client accepts.", e),
        { HttpRequestError: HttpRequestError.InvalidResponse } =>
            Broken(EnrichmentErrorKind.UnexpectedAnswer, $"The answer is not valid HTTP: {OneLine(e)}", e),
        { InnerException: AuthenticationException } =>
            new(AnswerMeaning.Denied, new(EnrichmentErrorKind.Denied, $"The TLS connection failed: {OneLine(e)}", Exception: e)),
        _ when IsUnreachable(e) => Broken(EnrichmentErrorKind.Network, $"The connection failed: {OneLine(e)[..^1]}; check BaseAddress.", e) with
        {
            IsUnreachable = true,
        },
        _ => Broken(EnrichmentErrorKind.Network, $"The connection failed: {OneLine(e)}", e),
    };

    // A proxy's response to CONNECT is available as a message only, without its status. The service itself may be up.
    private static Judgement JudgeProxy(HttpRequestException e)
    {
        string message = $"A proxy did not connect to the service: {OneLine(e)}";
        return e.Message.Contains("'407'", StringComparison.Ordinal) || e.Message.Contains("'403'", StringComparison.Ordinal)
            ? new(AnswerMeaning.Denied, new(EnrichmentErrorKind.Denied, message, Exception: e))
            : Broken(EnrichmentErrorKind.Network, message, e);
    }

    // EMFILE, which is 24 on all systems; opening connections and loading code can cause it. It disappears when fewer requests are in flight, like a
    // cap.
    private static bool IsOutOfFiles(Exception? exception) => exception switch
    {
        null => false,
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => true,
        IOException { HResult: 24 } => !OperatingSystem.IsWindows(),
        _ => IsOutOfFiles(exception.InnerException),
    };

    private static bool IsUnreachable(HttpRequestException e) => e.HttpRequestError == HttpRequestError.NameResolutionError
        || e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };

    // A page of a proxy, or a maintenance page. If only the content type says so, the body may still be valid JSON, and the reader decides.
    private static bool IsHtmlPage(HttpContent content)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues type)
            || !type.ToString().StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        using Stream body = content.ReadAsStream();
        int first;
        do
            first = body.ReadByte();
        while (first is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
        body.Position = 0;
        return first == '<';
    }

    private static Judgement Broken(EnrichmentErrorKind kind, string message, Exception exception) =>
        new(AnswerMeaning.Broken, new EnrichmentError(kind, message, Exception: exception));

    private static Judgement Final(EnrichmentErrorKind kind, string message, Exception exception) =>
        new(AnswerMeaning.None, new EnrichmentError(kind, message, Exception: exception));

    private static Judgement Paused(string message, TimeSpan? retryAfter, Exception exception) => new(
        AnswerMeaning.Throttled,
        new EnrichmentError(EnrichmentErrorKind.Throttled, message, Exception: exception),
        retryAfter is { } wait ? new RateHint(wait, default) : null);

    // Exception messages may quote what a service sent. The innermost HTTP exception says what happened; the outermost does if nobody was reached.
    private static string OneLine(Exception exception) => Sentence(LogText.Of(exception switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError,
        } => exception.Message,
        HttpRequestException => exception.GetBaseException().Message,
        _ => exception.Message,
    }));

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
