using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Http;

/// <summary>The handlers of a source's HTTP clients, and the one place where their order is written.</summary>
/// <remarks>
/// Outer to inner: what the host adds to all its clients, such as service discovery; redirects, so that every hop is a request; the policies of a
/// request; the reading of its answer, so that they cover it; what the user adds to this client; the primary handler.
/// </remarks>
internal static class RequestHandlers
{
    // Microsoft.Extensions.Http.Resilience, to which there is no reference: every host made from the templates of .NET Aspire adds it to all clients.
    private const string ResilienceHandler = "Microsoft.Extensions.Http.Resilience.ResilienceHandler";

    /// <summary>Adds the handlers of a client each of whose requests passes the policies of its source.</summary>
    /// <param name="http">The client.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="maxAnswerBytes">The largest answer that is read.</param>
    /// <param name="prepare">Called before every request; null where nothing is.</param>
    public static IHttpClientBuilder AddRequestHandlers(
        this IHttpClientBuilder http,
        string source,
        Func<IServiceProvider, int> maxAnswerBytes,
        Func<IServiceProvider, Func<HttpRequestMessage, CancellationToken, ValueTask>?> prepare) => http
        .Prepare(source)
        .AddHttpMessageHandler(provider => new RequestPolicyHandler(PoliciesOf(provider, source), provider.GetRequiredService<TimeProvider>()))
        .AddHttpMessageHandler(provider => new AnswerHandler(
            maxAnswerBytes(provider), provider.GetRequiredService<TimeProvider>(), PoliciesOf(provider, source).Guard.CountRequest, prepare(provider)));

    /// <summary>Adds the handlers of a client whose requests are for many issuers. They have their policies, and are counted, as batches.</summary>
    public static IHttpClientBuilder AddBatchRequestHandlers(this IHttpClientBuilder http, string source, int maxAnswerBytes) => http
        .Prepare(source)
        .AddHttpMessageHandler(provider => new AnswerHandler(maxAnswerBytes, provider.GetRequiredService<TimeProvider>(), count: null, prepare: null));

    private static IHttpClientBuilder Prepare(this IHttpClientBuilder http, string source)
    {
        // Whoever else configures the client, and whenever.
        http.Services.PostConfigure<HttpClientFactoryOptions>(
            http.Name, options => options.HttpMessageHandlerBuilderActions.Add(builder => LeaveRedirects(builder.PrimaryHandler)));
        return http
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler((handler, provider) => SetDefaults(handler, source, provider))
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => RemoveRetries(handlers))
            .AddHttpMessageHandler(() => new SameHostRedirectHandler());
    }

    // At this point it is the factory's, or the one that the host gives to all its clients, with its proxy, say.
    private static void SetDefaults(HttpMessageHandler handler, string source, IServiceProvider provider)
    {
        if (handler is not SocketsHttpHandler sockets)
            return;
        if (sockets.UseCookies)
            sockets.UseCookies = false;
        if (sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
            sockets.PooledConnectionLifetime = TimeSpan.FromMinutes(5);

        // Requests beyond it wait for a connection.
        if (OpenFiles.MostConnections() is not { } most || most >= sockets.MaxConnectionsPerServer)
            return;
        sockets.MaxConnectionsPerServer = most;
        if (provider.GetRequiredService<IOptionsMonitor<IssuerEnrichmentOptions>>().Get(source).MaxConcurrency.Most > most)
            provider.GetRequiredService<ILogger<IssuerEnricher>>().FewConnections(most);
    }

    // At this point there are only those that the host adds to all its clients. They would retry what the policies retry, and time what waits for them.
    private static void RemoveRetries(IList<DelegatingHandler> handlers)
    {
        for (int i = handlers.Count - 1; i >= 0; i--)
        {
            if (handlers[i] is PolicyHttpMessageHandler || handlers[i].GetType().FullName == ResilienceHandler)
                handlers.RemoveAt(i);
        }
    }

    // A primary handler that follows redirects by itself takes ids and API keys to other hosts.
    private static void LeaveRedirects(HttpMessageHandler handler)
    {
        while (handler is DelegatingHandler { InnerHandler: { } inner })
            handler = inner;
        if (handler is SocketsHttpHandler { AllowAutoRedirect: true } sockets)
            sockets.AllowAutoRedirect = false;
        else if (handler is HttpClientHandler { AllowAutoRedirect: true } client)
            client.AllowAutoRedirect = false;
    }

    private static ServicePolicies PoliciesOf(IServiceProvider provider, string name) => provider.GetRequiredKeyedService<ServicePolicies>(name);
}
