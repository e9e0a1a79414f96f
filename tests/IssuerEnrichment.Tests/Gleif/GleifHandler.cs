using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>A GLEIF in the place of the network, for all HTTP clients of a container.</summary>
internal sealed class GleifHandler(GleifData data) : HttpMessageHandler
{
    public static void Replace(IServiceCollection services, GleifData data)
    {
        services.PostConfigureAll<HttpClientFactoryOptions>(options =>
            options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new GleifHandler(data)));
        services.PostConfigureAll<IssuerEnrichmentOptions>(options => options.RateLimit = null);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        GleifAnswer answer = data.Ask(request.RequestUri!.PathAndQuery);
        return Task.FromResult(new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new StringContent(answer.Body) });
    }
}
