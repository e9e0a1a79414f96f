using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Http;
using IssuerEnrichment.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IssuerEnrichment;

/// <summary>Configures a source that loads an attribute. Returned by <c>AddIssuerEnrichment&lt;T&gt;</c>.</summary>
/// <typeparam name="T">The attribute.</typeparam>
/// <remarks>
/// Add the client first: the methods that add policies, a strategy, a journal or a cache are those of every source, and return an
/// <see cref="IIssuerEnrichmentBuilder"/>.
/// </remarks>
public sealed class IssuerEnrichmentBuilder<T> : IIssuerEnrichmentBuilder
    where T : notnull
{
    internal IssuerEnrichmentBuilder(string name, IServiceCollection services)
    {
        Name = name;
        Services = services;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public IServiceCollection Services { get; }

    /// <summary>
    /// Describes the attribute's JSON, which a journal and a cache need. <c>AddHttpIssuerClient</c> with a <see cref="JsonTypeInfo{T}"/> does the same.
    /// </summary>
    /// <param name="json">The description, from a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    public IssuerEnrichmentBuilder<T> UseJson(JsonTypeInfo<T> json)
    {
        ArgumentNullException.ThrowIfNull(json);
        Services.AddKeyedSingleton(Name, AnswerFormat.Of(json));
        return this;
    }

    /// <summary>Registers the built-in HTTP client, which sends one GET request for each issuer.</summary>
    /// <param name="configure">Sets the address of the service and the path to the attribute in its responses.</param>
    /// <param name="json">Describes the attribute's JSON, from a <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.</param>
    /// <param name="http">
    /// Configures the HTTP client further, for example its handler or default headers. It must not set a timeout; use <see cref="TimeoutOptions"/>.
    /// </param>
    public IssuerEnrichmentBuilder<T> AddHttpIssuerClient(
        Action<HttpIssuerClientOptions> configure, JsonTypeInfo<T> json, Action<IHttpClientBuilder>? http = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        UseJson(json);
        HttpIssuerClientExtensions.AddBuiltInClient(
            this, typeof(T), options => options.Configure(configure), path => new JsonAnswerReader<T>(path ?? "$", json), http);
        return this;
    }

    /// <summary>
    /// Registers a custom client whose constructor takes an <see cref="HttpClient"/>. It may send several requests for an issuer; rate limits and
    /// timeouts apply to each.
    /// </summary>
    /// <param name="http">Configures the HTTP client, for example its base address.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes. Default: 4 MiB.</param>
    public IssuerEnrichmentBuilder<T> AddHttpIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        Action<IHttpClientBuilder> http, int maxAnswerBytes = HttpIssuerClientExtensions.DefaultMaxAnswerBytes)
        where TClient : class, IIssuerClient<T>
    {
        ArgumentNullException.ThrowIfNull(http);
        Func<IServiceProvider, HttpClient> create = HttpIssuerClientExtensions.AddClientOfUser(this, http, maxAnswerBytes);
        return AddClient<TClient>((provider, format) =>
        {
            TClient client = ActivatorUtilities.CreateInstance<TClient>(provider, create(provider));
            return new IssuerClientAdapter(client, ClientCalls.Of(client), format, sendsRequests: true);
        });
    }

    /// <summary>Registers a custom client that looks up many issuers in one request. Its constructor takes an <see cref="HttpClient"/>.</summary>
    /// <param name="http">Configures the HTTP client, for example its base address.</param>
    /// <param name="maxAnswerBytes">The maximum size of a response in bytes. Default: 32 MiB.</param>
    public IssuerEnrichmentBuilder<T> AddHttpIssuerBatchClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        Action<IHttpClientBuilder> http, int maxAnswerBytes = HttpIssuerClientExtensions.DefaultMaxBatchAnswerBytes)
        where TClient : class, IIssuerBatchClient<T>
    {
        ArgumentNullException.ThrowIfNull(http);
        Func<IServiceProvider, HttpClient> create = HttpIssuerClientExtensions.AddBatchClientOfUser(this, http, maxAnswerBytes);
        return AddClient<TClient>((provider, format) =>
        {
            TClient client = ActivatorUtilities.CreateInstance<TClient>(provider, create(provider));
            return new IssuerClientAdapter(client, ClientCalls.Of(client), format);
        });
    }

    /// <summary>
    /// Registers a custom client. Each of its attempts counts as one request: rate limits and timeouts apply to the attempt as a whole.
    /// </summary>
    /// <remarks>The client is a singleton, created by the container.</remarks>
    public IssuerEnrichmentBuilder<T> AddIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : class, IIssuerClient<T>
    {
        Services.TryAddSingleton<TClient>();
        return AddIssuerClient(provider => provider.GetRequiredService<TClient>());
    }

    /// <summary>Registers an existing client.</summary>
    public IssuerEnrichmentBuilder<T> AddIssuerClient(IIssuerClient<T> client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddIssuerClient(_ => client);
    }

    /// <summary>Registers a custom client that a function creates once. Each of its attempts counts as one request.</summary>
    /// <remarks>The container does not dispose of the client, unless the function resolves it from the container.</remarks>
    public IssuerEnrichmentBuilder<T> AddIssuerClient<TClient>(Func<IServiceProvider, TClient> create)
        where TClient : class, IIssuerClient<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return AddClient<TClient>((provider, format) =>
        {
            TClient client = create(provider);
            return new IssuerClientAdapter(client, ClientCalls.Of(client), format, sendsRequests: false);
        });
    }

    /// <summary>Registers a custom client that looks up many issuers in one request.</summary>
    /// <remarks>The client is a singleton, created by the container. Each of its calls counts as one request.</remarks>
    public IssuerEnrichmentBuilder<T> AddIssuerBatchClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : class, IIssuerBatchClient<T>
    {
        Services.TryAddSingleton<TClient>();
        return AddClient<TClient>((provider, format) => ForBatches(provider.GetRequiredService<TClient>(), format));
    }

    /// <summary>Registers an existing client that looks up many issuers in one request.</summary>
    public IssuerEnrichmentBuilder<T> AddIssuerBatchClient(IIssuerBatchClient<T> client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddClient<IIssuerBatchClient<T>>((_, format) => ForBatches(client, format));
    }

    /// <summary>Registers a custom blocking client. The thread-pool strategy, which suits it best, becomes the default.</summary>
    /// <remarks>The client is a singleton, created by the container. Each of its attempts counts as one request.</remarks>
    public IssuerEnrichmentBuilder<T> AddBlockingIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>()
        where TClient : class, IBlockingIssuerClient<T>
    {
        Services.TryAddSingleton<TClient>();
        return AddClient<TClient>((provider, format) =>
        {
            TClient client = provider.GetRequiredService<TClient>();
            return new IssuerClientAdapter(client, ClientCalls.Of(client), format);
        });
    }

    private static IssuerClientAdapter ForBatches(IIssuerBatchClient<T> client, AnswerFormat format) => new(client, ClientCalls.Of(client), format);

    private IssuerEnrichmentBuilder<T> AddClient<TClient>(Func<IServiceProvider, AnswerFormat, IssuerClientAdapter> create)
    {
        string name = Name;
        Services.AddSingleton(
            new ClientRegistration(name, typeof(TClient), typeof(T), provider => create(provider, provider.GetFormat(name))));
        return this;
    }
}
