using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Http;
using IssuerEnrichment.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Registers clients that use HTTP. Rate limits and timeouts apply to each of their requests.</summary>
public static class HttpIssuerClientExtensions
{
    internal const int DefaultMaxAnswerBytes = 4 * 1024 * 1024;
    internal const int DefaultMaxBatchAnswerBytes = 32 * 1024 * 1024;

    private static readonly string UserAgent =
        $"IssuerEnrichment/{typeof(HttpIssuerClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}";

    /// <summary>Registers the built-in HTTP client, which sends one GET request for each issuer.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the address of the service and the format of its responses.</param>
    /// <param name="http">
    /// Configures the HTTP client further, for example its handler or default headers. It must not set a timeout; use <see cref="TimeoutOptions"/>.
    /// </param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient(
        this IIssuerEnrichmentBuilder builder, Action<HttpIssuerClientOptions> configure, Action<IHttpClientBuilder>? http = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return AddBuiltInClient(builder, AnswerFormat.Isins.Type, options => options.Configure(configure), ReadIsins, http);
    }

    /// <summary>
    /// Registers the built-in HTTP client with options from configuration. The keys are the names of <see cref="HttpIssuerClientOptions"/>.
    /// </summary>
    /// <param name="builder">The source.</param>
    /// <param name="section">
    /// The section. Headers are keys below <c>Headers</c>. Unknown keys and invalid values are errors, as for the section of the source.
    /// </param>
    /// <param name="http">Configures the HTTP client further.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient(
        this IIssuerEnrichmentBuilder builder, IConfiguration section, Action<IHttpClientBuilder>? http = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        return AddBuiltInClient(
            builder,
            AnswerFormat.Isins.Type,
            options => options.Configure(target => ConfigurationTables.Http.Read(section, target, builder.Name)),
            ReadIsins,
            http);
    }

    /// <summary>
    /// Registers a custom client whose constructor takes an <see cref="HttpClient"/>. It may send several requests for an issuer; rate limits and
    /// timeouts apply to each.
    /// </summary>
    /// <remarks>
    /// Creating a client that is also an <see cref="IIssuerBatchClient"/> fails, because that needs two instances of <see cref="HttpClient"/>. Use
    /// the overload with two.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures the HTTP client, for example its base address.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes. Default: 4 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        this IIssuerEnrichmentBuilder builder, Action<IHttpClientBuilder> http, int maxAnswerBytes = DefaultMaxAnswerBytes)
        where TClient : class, IIssuerClient =>
        builder.AddHttpIssuerClient(
            http, static (provider, client) => ActivatorUtilities.CreateInstance<TClient>(provider, client), maxAnswerBytes);

    /// <summary>Registers a custom client that a function creates with an <see cref="HttpClient"/>.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures the HTTP client, for example its base address.</param>
    /// <param name="create">Creates the client. Called once, with an <see cref="HttpClient"/> that applies the request policies.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes. Default: 4 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient<TClient>(
        this IIssuerEnrichmentBuilder builder,
        Action<IHttpClientBuilder> http,
        Func<IServiceProvider, HttpClient, TClient> create,
        int maxAnswerBytes = DefaultMaxAnswerBytes)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(create);
        string source = builder.Name;
        Func<IServiceProvider, HttpClient> createHttp = AddClientOfUser(builder, http, maxAnswerBytes);
        return builder.AddClient(
            typeof(TClient),
            provider => new IssuerClientAdapter(AsksForOne(create(provider, createHttp(provider)), source), sendsRequests: true));
    }

    /// <summary>
    /// Registers a custom client that looks up many issuers in one request, and then each issuer missing from the response with a request of its own.
    /// It implements <see cref="IIssuerClient"/>, and also <see cref="IIssuerBatchClient"/> unless it is set up to send no batch requests.
    /// </summary>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures both HTTP clients, for example their base address.</param>
    /// <param name="create">
    /// Creates the client. Called once, with an <see cref="HttpClient"/> for requests for one issuer and another one for batch requests.
    /// </param>
    /// <param name="maxAnswerBytes">The maximum size of a response for one issuer, in bytes. Default: 4 MiB.</param>
    /// <param name="maxBatchAnswerBytes">The maximum size of a response for a batch, in bytes. Default: 32 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerClient<TClient>(
        this IIssuerEnrichmentBuilder builder,
        Action<IHttpClientBuilder> http,
        Func<IServiceProvider, HttpClient, HttpClient, TClient> create,
        int maxAnswerBytes = DefaultMaxAnswerBytes,
        int maxBatchAnswerBytes = DefaultMaxBatchAnswerBytes)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(create);
        Func<IServiceProvider, HttpClient> createHttp = AddClientOfUser(builder, http, maxAnswerBytes);
        Func<IServiceProvider, HttpClient> createBatchHttp = AddBatchClientOfUser(builder, http, maxBatchAnswerBytes);
        return builder.AddClient(typeof(TClient), provider =>
        {
            TClient client = create(provider, createHttp(provider), createBatchHttp(provider));
            return client is IIssuerBatchClient batchClient
                ? new IssuerClientAdapter(batchClient, alone: client)
                : new IssuerClientAdapter(client, sendsRequests: true);
        });
    }

    /// <summary>Registers a custom client that looks up many issuers in one request. Its constructor takes an <see cref="HttpClient"/>.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="http">Configures the HTTP client, for example its base address.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes. Default: 32 MiB.</param>
    public static IIssuerEnrichmentBuilder AddHttpIssuerBatchClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        this IIssuerEnrichmentBuilder builder, Action<IHttpClientBuilder> http, int maxAnswerBytes = DefaultMaxBatchAnswerBytes)
        where TClient : class, IIssuerBatchClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(http);
        Func<IServiceProvider, HttpClient> createHttp = AddBatchClientOfUser(builder, http, maxAnswerBytes);
        return builder.AddClient(
            typeof(TClient), provider => new IssuerClientAdapter(ActivatorUtilities.CreateInstance<TClient>(provider, createHttp(provider))));
    }

    /// <summary>Registers the built-in client.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="attribute">The type of the attribute that it loads.</param>
    /// <param name="configure">Configures the options.</param>
    /// <param name="read">Creates the reader of the answers, given their path in the response.</param>
    /// <param name="http">Configures the HTTP client further.</param>
    internal static IIssuerEnrichmentBuilder AddBuiltInClient(
        IIssuerEnrichmentBuilder builder,
        Type attribute,
        Action<OptionsBuilder<HttpIssuerClientOptions>> configure,
        Func<string?, IAnswerReader> read,
        Action<IHttpClientBuilder>? http)
    {
        string name = builder.Name;
        OptionsBuilder<HttpIssuerClientOptions> options = builder.Services.AddOptions<HttpIssuerClientOptions>(name).ValidateOnStart();
        configure(options);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HttpIssuerClientOptions>, HttpIssuerClientOptionsValidator>());

        IHttpClientBuilder client = builder.Services
            .AddHttpClient(ClientName(name))
            .ConfigureHttpClient((provider, client) => SetHeaders(client, OptionsOf(provider, name).Headers))
            .AddRequestHandlers(name, provider => OptionsOf(provider, name).MaxAnswerBytes, provider => OptionsOf(provider, name).OnRequest);
        http?.Invoke(client);
        builder.Services.AddSingleton(new ClientRegistration(name, typeof(HttpIssuerClient), attribute, provider =>
        {
            HttpIssuerClient client = new(
                new HttpMessageInvoker(provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(ClientName(name)), disposeHandler: false),
                CreateTemplate(provider, name),
                OptionsOf(provider, name),
                read(OptionsOf(provider, name).AnswerPath),
                provider.GetRequiredService<TimeProvider>());
            return new IssuerClientAdapter(client, client.GetAsync, provider.GetFormat(name), sendsRequests: true, isIdempotent: true);
        }));
        return builder;
    }

    /// <summary>Adds the HTTP client for a custom client. Returns what creates it.</summary>
    internal static Func<IServiceProvider, HttpClient> AddClientOfUser(IIssuerEnrichmentBuilder builder, Action<IHttpClientBuilder> http, int maxAnswerBytes)
    {
        string source = builder.Name;
        http(builder.Services.AddHttpClient(ClientName(source)).AddRequestHandlers(source, _ => maxAnswerBytes, _ => null));
        return provider => CreateTimeless(provider, ClientName(source), source);
    }

    /// <summary>Adds the HTTP client for a custom client's batch requests. Returns what creates it.</summary>
    internal static Func<IServiceProvider, HttpClient> AddBatchClientOfUser(
        IIssuerEnrichmentBuilder builder, Action<IHttpClientBuilder> http, int maxAnswerBytes)
    {
        string source = builder.Name;
        http(builder.Services.AddHttpClient(BatchClientName(source)).AddBatchRequestHandlers(source, maxAnswerBytes));
        return provider => CreateTimeless(provider, BatchClientName(source), source);
    }

    private static IsinsAnswerReader ReadIsins(string? path) => new(path ?? "data.isins");

    // The issuer client copies its headers and version, and sends through its handler. Any other setting would be ignored silently.
    private static HttpClient CreateTemplate(IServiceProvider provider, string source)
    {
        HttpClient http = CreateTimeless(provider, ClientName(source), source);
        if (http.BaseAddress is not null)
            throw Invalid(source, "a BaseAddress", "set BaseAddress of HttpIssuerClientOptions");
        return http.MaxResponseContentBufferSize == int.MaxValue ? http
            : throw Invalid(source, "a MaxResponseContentBufferSize", "set MaxAnswerBytes of HttpIssuerClientOptions");
    }

    // Batch requests take longer and have larger responses, so they need an HTTP client of their own.
    private static TClient AsksForOne<TClient>(TClient client, string source)
        where TClient : IIssuerClient => client is not IIssuerBatchClient ? client : throw new OptionsValidationException(
            source,
            typeof(TClient),
            [
                $"The client {typeof(TClient).Name} of {SourceName.Of(source)} asks for many issuers too, and has only one HTTP client; "
                + "use the AddHttpIssuerClient that makes it with two.",
            ]);

    private static HttpClient CreateTimeless(IServiceProvider provider, string client, string source)
    {
        HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        return http.Timeout == Timeout.InfiniteTimeSpan ? http : throw Invalid(source, "a Timeout", "set Timeout.Attempt or Timeout.Lookup of the options");
    }

    private static OptionsValidationException Invalid(string source, string setting, string remedy) => new(
        source, typeof(HttpIssuerClientOptions), [$"The HTTP client of {SourceName.Of(source)} has {setting}, which would not be kept; {remedy}."]);

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

    private static string BatchClientName(string source) => $"IssuerEnrichment.Batch:{source}";

    private static HttpIssuerClientOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<HttpIssuerClientOptions>>().Get(name);
}
