using IssuerEnrichment.Lookups;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Http;

/// <summary>Adds the message handlers of a source's HTTP clients. Their order is defined here only.</summary>
/// <remarks>
/// From the outermost to the innermost: handlers that the host adds to all clients, such as service discovery; redirects, so that every hop counts as
/// a request; the request policies; reading the response, so that the policies cover it; handlers that the user adds to this client; the primary
/// handler.
/// </remarks>
internal static class RequestHandlers
{
    // From Microsoft.Extensions.Http.Resilience, which is not referenced. The project templates of .NET Aspire add it to all clients.
    private const string ResilienceHandler = "Microsoft.Extensions.Http.Resilience.ResilienceHandler";

    /// <summary>Adds the handlers of a client whose requests are subject to the policies of its source.</summary>
    /// <param name="http">The client.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes.</param>
    /// <param name="prepare">Called before every request; null if there is nothing to prepare.</param>
    public static IHttpClientBuilder AddRequestHandlers(
        this IHttpClientBuilder http,
        string source,
        Func<IServiceProvider, int> maxAnswerBytes,
        Func<IServiceProvider, Func<HttpRequestMessage, CancellationToken, ValueTask>?> prepare) => http
        .Prepare(source)
        .AddHttpMessageHandler(provider => new RequestPolicyHandler(PoliciesOf(provider, source), provider.GetRequiredService<TimeProvider>()))
        .AddHttpMessageHandler(provider => new AnswerHandler(
            maxAnswerBytes(provider), provider.GetRequiredService<TimeProvider>(), PoliciesOf(provider, source).Guard.CountRequest, prepare(provider)));

    /// <summary>Adds the handlers of a client for batch requests. The batcher applies the policies to them and counts them.</summary>
    public static IHttpClientBuilder AddBatchRequestHandlers(this IHttpClientBuilder http, string source, int maxAnswerBytes) => http
        .Prepare(source)
        .AddHttpMessageHandler(provider => new AnswerHandler(maxAnswerBytes, provider.GetRequiredService<TimeProvider>(), count: null, prepare: null));

    private static IHttpClientBuilder Prepare(this IHttpClientBuilder http, string source)
    {
        // Post-configuration, to come after all other configuration of the client.
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

    // At this point it is the handler of the factory, or one that the host sets for all its clients, for example with a proxy.
    private static void SetDefaults(HttpMessageHandler handler, string source, IServiceProvider provider)
    {
        if (handler is not SocketsHttpHandler sockets)
            return;
        if (sockets.UseCookies)
            sockets.UseCookies = false;
        if (sockets.PooledConnectionLifetime == Timeout.InfiniteTimeSpan)
            sockets.PooledConnectionLifetime = TimeSpan.FromMinutes(5);

        // Further requests wait for a connection.
        if (OpenFiles.MostConnections() is not { } most || most >= sockets.MaxConnectionsPerServer)
            return;
        sockets.MaxConnectionsPerServer = most;
        if (provider.GetRequiredService<IOptionsMonitor<IssuerEnrichmentOptions>>().Get(source).MaxConcurrency.Most > most)
            provider.GetRequiredService<ILogger<IssuerEnricher>>().FewConnections(most);
    }

    // At this point there are only handlers that the host adds to all clients. They would retry in addition to the policies, and time out requests
    // that wait.
    private static void RemoveRetries(IList<DelegatingHandler> handlers)
    {
        for (int i = handlers.Count - 1; i >= 0; i--)
        {
            if (handlers[i] is PolicyHttpMessageHandler || handlers[i].GetType().FullName == ResilienceHandler)
                handlers.RemoveAt(i);
        }
    }

    // A primary handler that follows redirects by itself would send ids and API keys to other hosts.
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
