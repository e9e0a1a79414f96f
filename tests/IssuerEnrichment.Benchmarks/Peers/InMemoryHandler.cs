using System.Net;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Answers an HTTP client from memory, when <paramref name="client"/> does.</summary>
internal sealed class InMemoryHandler(IIssuerClient client) : HttpMessageHandler
{
    private static readonly byte[] Answer = """{"data":{"isins":["US0378331005"]}}"""u8.ToArray();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await client.GetIsinsAsync(request.RequestUri!.AbsolutePath, cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Answer), RequestMessage = request };
    }
}
