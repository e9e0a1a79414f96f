using System.Net.Http.Headers;
using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>
/// The innermost handler: prepares the request, counts it for its lookup, and reads the body of a good answer, decompressed, up to a bound. So the
/// attempt's timeout and the retry cover all of that.
/// </summary>
/// <param name="maxAnswerBytes">The largest body that is read.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="count">Counts a request; null where that is done elsewhere.</param>
/// <param name="prepare">Called before each request; null where nothing is.</param>
internal sealed class AnswerHandler(
    int maxAnswerBytes, TimeProvider timeProvider, Action? count, Func<HttpRequestMessage, CancellationToken, ValueTask>? prepare) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (prepare is not null)
            request = await PrepareAsync(request, cancellationToken).ConfigureAwait(false);
        if (!request.Headers.NonValidated.Contains("Accept-Encoding"))
            request.Headers.TryAddWithoutValidation("Accept-Encoding", DecodedContent.Accepted);
        count?.Invoke();
        HttpResponseMessage response = await SendFurtherAsync(request, cancellationToken).ConfigureAwait(false);
        response.Content = DecodedContent.Of(response.Content);
        CorrectCharset(response.Content);
        if (!response.IsSuccessStatusCode)
            return response;
        try
        {
            await response.Content.LoadIntoBufferAsync(maxAnswerBytes, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch (Exception e)
        {
            response.Dispose();

            // How gzip and deflate, and how Brotli, say that what they got is something else.
            if (e is InvalidDataException or InvalidOperationException)
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The body is not compressed as its header says.");
            throw;
        }
    }

    // JSON is UTF-8 (RFC 8259, section 8.1), whatever the header says; a reader that believes the header would fail.
    private static void CorrectCharset(HttpContent content)
    {
        if (content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            && values.ToString() is var type && type.Contains("json", StringComparison.OrdinalIgnoreCase)
            && type.Contains("charset", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("charset=utf-8", StringComparison.OrdinalIgnoreCase)
            && MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? parsed))
        {
            parsed.CharSet = null;
            content.Headers.ContentType = parsed;
        }
    }

    // A handler of the user's that heeds no cancellation is left to itself.
    private async Task<HttpResponseMessage> SendFurtherAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await Grace.AwaitAsync(
                new ValueTask<HttpResponseMessage>(base.SendAsync(request, cancellationToken)), timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (NotSupportedException) when (request.RequestUri is { Scheme: not ("http" or "https") } address)
        {
            throw NotDiscovered(address);
        }
    }

    // What is added belongs to this request alone, not to that of the next hop after a redirect. It may take as long as the request may, heeded or not.
    private async ValueTask<HttpRequestMessage> PrepareAsync(HttpRequestMessage original, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(original.Method, original.RequestUri)
        {
            Content = original.Content,
            Version = original.Version,
            VersionPolicy = original.VersionPolicy,
        };
        foreach ((string name, HeaderStringValues values) in original.Headers.NonValidated)
            request.Headers.TryAddWithoutValidation(name, values);
        foreach ((string name, object? value) in original.Options)
            request.Options.Set(new HttpRequestOptionsKey<object?>(name), value);

        await Grace.AwaitAsync(prepare!(request, cancellationToken), timeProvider, cancellationToken).ConfigureAwait(false);
        return request;
    }

    // Otherwise the socket would throw what reads like a fault of the client.
    private static IssuerServiceException NotDiscovered(Uri address) => new(
        EnrichmentErrorKind.SourceUnusable,
        $"The address {address.GetLeftPart(UriPartial.Authority)} needs service discovery, and the HTTP client has none: call AddServiceDiscovery on it.",
        isTransient: false);
}
