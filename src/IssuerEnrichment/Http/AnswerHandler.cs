using System.Net.Http.Headers;
using IssuerEnrichment.Clients;

namespace IssuerEnrichment.Http;

/// <summary>
/// The innermost handler. Prepares the request, counts it for its lookup, and reads the decompressed body of a success response up to a maximum size,
/// so that the attempt timeout and the retry cover all of this.
/// </summary>
/// <param name="maxAnswerBytes">The maximum size of a body in bytes.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="count">Counts a request; null if it is counted elsewhere.</param>
/// <param name="prepare">Called before each request; null if there is nothing to prepare.</param>
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

            // Thrown by gzip and deflate, and by Brotli, respectively, for input in another format.
            if (e is InvalidDataException or InvalidOperationException)
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The body is not compressed as its header says.");
            throw;
        }
    }

    // JSON is UTF-8 (RFC 8259, section 8.1), whatever the header says. A reader that uses the charset of the header would fail.
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

    // A handler of the user's that ignores cancellation is abandoned.
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

    // The headers are added to this request only, not to the next one after a redirect. The callback is abandoned when the request is cancelled.
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

    // Otherwise the socket would throw an exception that looks like a fault of the client.
    private static IssuerServiceException NotDiscovered(Uri address) => new(
        EnrichmentErrorKind.SourceUnusable,
        $"The address {address.GetLeftPart(UriPartial.Authority)} needs service discovery, and the HTTP client has none: call AddServiceDiscovery on it.",
        isTransient: false);
}
