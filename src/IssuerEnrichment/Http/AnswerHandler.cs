using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Http;

/// <summary>
/// The innermost handler: prepares the request, counts it for its lookup, and reads the body of a good answer, decompressed, up to a bound. So the
/// attempt's timeout and the retry cover all of that.
/// </summary>
internal sealed class AnswerHandler(
    ServicePolicies policies, int maxAnswerBytes, Func<HttpRequestMessage, CancellationToken, ValueTask>? prepare) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (prepare is not null)
            await prepare(request, cancellationToken).ConfigureAwait(false);
        if (!request.Headers.NonValidated.Contains("Accept-Encoding"))
            request.Headers.TryAddWithoutValidation("Accept-Encoding", DecodedContent.Accepted);
        policies.CountRequest();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.Content = DecodedContent.Of(response.Content);
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
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "The body is not compressed as its header says.", e);
            throw;
        }
    }
}
