using IssuerEnrichment.Policies;

namespace IssuerEnrichment.Http;

/// <summary>
/// The innermost handler: counts the request for its lookup, and reads the body of a good answer, up to a bound, so that the attempt's timeout
/// and the retry cover the body too.
/// </summary>
internal sealed class AnswerHandler(ServicePolicies policies, int maxAnswerBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        policies.CountRequest();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            return response;
        try
        {
            await response.Content.LoadIntoBufferAsync(maxAnswerBytes, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
