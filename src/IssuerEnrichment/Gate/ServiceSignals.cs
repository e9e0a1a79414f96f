using System.Net;
using System.Net.Http.Headers;
using IssuerEnrichment.Http;
using IssuerEnrichment.Policies;
using Polly;

namespace IssuerEnrichment.Gate;

/// <summary>Reads what the end of a request says about the service.</summary>
internal static class ServiceSignals
{
    // Not registered, but sent by several large services.
    private const HttpStatusCode SiteOverloaded = (HttpStatusCode)529;

    /// <summary>The outcome of a client's whole attempt.</summary>
    public static GateSignal Read<TAnswer>(Outcome<TAnswer> outcome) =>
        outcome.Exception is { } exception ? Read(exception) : new GateSignal(AnswerMeaning.Good);

    /// <summary>The answer to one HTTP request.</summary>
    public static GateSignal Read(Outcome<HttpResponseMessage> outcome, TimeProvider timeProvider)
    {
        if (outcome.Exception is { } exception)
            return Read(exception);

        HttpResponseMessage response = outcome.Result!;
        RateHint? hint = RateHeaders.Read(response.Headers, timeProvider.GetUtcNow());
        return new GateSignal(Judge(response, hint), hint);
    }

    private static AnswerMeaning Judge(HttpResponseMessage response, RateHint? hint) => response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => AnswerMeaning.Throttled,
        HttpStatusCode.ServiceUnavailable when hint?.RetryAfter is not null => AnswerMeaning.Throttled,
        HttpStatusCode.ServiceUnavailable or SiteOverloaded => AnswerMeaning.Overloaded,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => AnswerMeaning.Broken,

        // The page of a proxy or of maintenance: the service behind it did not answer.
        HttpStatusCode.OK when IsHtml(response.Content.Headers.NonValidated) => AnswerMeaning.Broken,
        _ => AnswerMeaning.Good,
    };

    private static bool IsHtml(HttpHeadersNonValidated headers) =>
        headers.TryGetValues("Content-Type", out HeaderStringValues type) && type.ToString().StartsWith("text/html", StringComparison.OrdinalIgnoreCase);

    private static GateSignal Read(Exception exception)
    {
        if (exception is OperationCanceledException or LookupEndedException)
            return default;
        Failure failure = Failure.Of(exception);
        if (failure.IsRefusal)
            return new GateSignal(AnswerMeaning.Throttled, new RateHint(failure.RetryAfter, default));
        if (failure.IsTransient)
            return new GateSignal(AnswerMeaning.Broken);
        return new GateSignal(failure.Error.Kind == EnrichmentErrorKind.Refused ? AnswerMeaning.Good : AnswerMeaning.None);
    }
}
