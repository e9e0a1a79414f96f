using System.Net;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Answers from memory on another turn of the thread pool, as <see cref="InMemoryClient"/> does, to an HTTP client.</summary>
internal sealed class InMemoryHandler : HttpMessageHandler
{
    private static readonly byte[] Answer = """{"data":{"isins":["US0378331005"]}}"""u8.ToArray();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Answer), RequestMessage = request };
    }
}
