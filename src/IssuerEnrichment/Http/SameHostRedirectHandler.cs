using System.Net;

namespace IssuerEnrichment.Http;

/// <summary>Follows redirects to the service's own host and rejects all others, so that ids and API keys are not sent elsewhere.</summary>
/// <remarks>This handler is outside the policies: every hop counts as a request, with the rate limit and a timeout of its own.</remarks>
internal sealed class SameHostRedirectHandler : DelegatingHandler
{
    private const int MaxHops = 5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        for (int hop = 1; TargetOf(request, response) is { } target; hop++)
        {
            response.Dispose();
            if (!IsSameService(request.RequestUri!, target))
                throw Rejected($"The service redirected to another service, {target.GetLeftPart(UriPartial.Authority)}; the client does not follow.");
            if (hop > MaxHops)
                throw Rejected($"The service redirected more than {MaxHops} times.");
            request.RequestUri = target;
            if (BecomesGet(response.StatusCode, request.Method))
                (request.Method, request.Content, request.Headers.TransferEncodingChunked) = (HttpMethod.Get, null, null);
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static Uri? TargetOf(HttpRequestMessage request, HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && Uri.TryCreate(request.RequestUri!, response.Headers.Location, out Uri? target)
            ? target
            : null;

    // RFC 9110, sections 15.4.2 to 15.4.4: the POST was processed, and its result is at another address.
    private static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    // A change from http to https on the same host is an upgrade. The reverse would send an API key unencrypted.
    private static bool IsSameService(Uri from, Uri to) =>
        string.Equals(from.Host, to.Host, StringComparison.OrdinalIgnoreCase)
        && ((from.Scheme == to.Scheme && from.Port == to.Port)
            || (from.Scheme == Uri.UriSchemeHttp && to.Scheme == Uri.UriSchemeHttps));

    private static IssuerServiceException Rejected(string message) => new(EnrichmentErrorKind.Rejected, message, isTransient: false);
}
