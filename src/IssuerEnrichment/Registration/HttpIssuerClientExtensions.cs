using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Http;
using IssuerEnrichment.Policies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Clients over HTTP, whose requests are paced and timed one by one.</summary>
public static class HttpIssuerClientExtensions
{
    private static readonly string UserAgent =
        $"IssuerEnrichment/{typeof(HttpIssuerClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>Asks an HTTP service by one GET for each issuer.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the service's address and how its answers read.</param>
    /// <param name="http">Configures the HTTP client further, such as its handler or default headers. A timeout is not its affair but that of <see cref="TimeoutOptions"/>.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient(
        this IIssuerEnrichmentBuilder builder, Action<HttpIssuerClientOptions> configure, Action<IHttpClientBuilder>? http = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        string name = builder.Name;
        builder.Services.AddOptions<HttpIssuerClientOptions>(name).Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HttpIssuerClientOptions>, HttpIssuerClientOptionsValidator>());

        IHttpClientBuilder client = builder.Services
            .AddHttpClient(ClientName(name))
            .ConfigureHttpClient((provider, client) => SetHeaders(client, OptionsOf(provider, name).Headers))
            .AddIssuerRequestPolicies(name, provider => OptionsOf(provider, name).MaxAnswerBytes, provider => OptionsOf(provider, name).OnRequest);
        http?.Invoke(client);
        return builder.AddClient(typeof(HttpIssuerClient), provider => new IssuerClientAdapter(
            new HttpIssuerClient(
                new HttpMessageInvoker(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(ClientName(name)), disposeHandler: false),
                CreateTimeless(provider, name).DefaultRequestHeaders,
                OptionsOf(provider, name),
                provider.GetRequiredService<TimeProvider>()),
            sendsRequests: true,
            isIdempotent: true));
    }

    /// <summary>Asks a client of your own that is made with an <see cref="HttpClient"/>: as many requests as an issuer takes, each paced and timed by itself.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures the HTTP client, such as its base address.</param>
    /// <param name="maxAnswerBytes">The largest answer that is read, in bytes. Default: 4 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        this IIssuerEnrichmentBuilder builder, Action<IHttpClientBuilder> http, int maxAnswerBytes = 4 * 1024 * 1024)
        where TClient : class, IIssuerClient =>
        builder.AddHttpIssuerClient(
            http, static (provider, client) => ActivatorUtilities.CreateInstance<TClient>(provider, client), maxAnswerBytes);

    /// <summary>The same for a client that is made by a function.</summary>
    /// <remarks>
    /// One that is an <see cref="IIssuerBatchClient"/> too is asked for many issuers first, and then for those that it leaves out of its answer one by
    /// one. The request for many has policies of its own: it must be sent by another <see cref="HttpClient"/> than the one given here.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures the HTTP client, such as its base address.</param>
    /// <param name="create">Makes the client, once, with an <see cref="HttpClient"/> that has the request's policies.</param>
    /// <param name="maxAnswerBytes">The largest answer that is read, in bytes. Default: 4 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient<TClient>(
        this IIssuerEnrichmentBuilder builder,
        Action<IHttpClientBuilder> http,
        Func<IServiceProvider, HttpClient, TClient> create,
        int maxAnswerBytes = 4 * 1024 * 1024)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(create);
        string name = builder.Name;
        http(builder.Services.AddHttpClient(ClientName(name)).AddIssuerRequestPolicies(name, _ => maxAnswerBytes, _ => null));
        return builder.AddClient(typeof(TClient), provider =>
        {
            TClient client = create(provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName(name)));
            return client is IIssuerBatchClient batchClient
                ? new IssuerClientAdapter(batchClient, alone: client)
                : new IssuerClientAdapter(client, sendsRequests: true);
        });
    }

    private static HttpClient CreateTimeless(IServiceProvider provider, string name)
    {
        HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName(name));
        return http.Timeout == Timeout.InfiniteTimeSpan ? http : throw new OptionsValidationException(
            name, typeof(HttpIssuerClientOptions), ["The HTTP client has a Timeout, which would not be kept; set Timeout.Attempt or Timeout.Lookup of the options."]);
    }

    // Outer to inner: redirects, so that every hop pays; the request's policies; the reading of the answer, so that they cover it.
    private static IHttpClientBuilder AddIssuerRequestPolicies(
        this IHttpClientBuilder http,
        string name,
        Func<IServiceProvider, int> maxAnswerBytes,
        Func<IServiceProvider, Func<HttpRequestMessage, CancellationToken, ValueTask>?> prepare) => http
        .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers()
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        .AddHttpMessageHandler(() => new SameHostRedirectHandler())
        .AddHttpMessageHandler(provider => new RequestPolicyHandler(PoliciesOf(provider, name), provider.GetRequiredService<TimeProvider>()))
        .AddHttpMessageHandler(provider => new AnswerHandler(PoliciesOf(provider, name), maxAnswerBytes(provider), prepare(provider)));

    private static void SetHeaders(HttpClient client, IDictionary<string, string> headers)
    {
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach ((string header, string value) in headers)
        {
            client.DefaultRequestHeaders.Remove(header);
            client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        }
    }

    private static string ClientName(string source) => source.Length == 0 ? "IssuerEnrichment" : $"IssuerEnrichment:{source}";

    private static HttpIssuerClientOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<HttpIssuerClientOptions>>().Get(name);

    private static ServicePolicies PoliciesOf(IServiceProvider provider, string name) =>
        provider.GetRequiredKeyedService<ServicePolicies>(name);
}
