using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;

namespace IssuerEnrichment;

/// <summary>Configures the client, strategy and policies of a source.</summary>
public static class IssuerEnrichmentBuilderExtensions
{
    /// <summary>
    /// Registers a custom client. Each of its attempts counts as one request: rate limits and timeouts apply to the attempt as a whole.
    /// </summary>
    /// <remarks>
    /// The client is a singleton, created by the container. If it uses an <see cref="HttpClient"/>, prefer <c>AddHttpIssuerClient</c>.
    /// </remarks>
    public static IIssuerEnrichmentBuilder AddIssuerClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        this IIssuerEnrichmentBuilder builder)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>(), sendsRequests: false));
    }

    /// <summary>Registers an existing client.</summary>
    public static IIssuerEnrichmentBuilder AddIssuerClient(this IIssuerEnrichmentBuilder builder, IIssuerClient client)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(client);
        return builder.AddClient(client.GetType(), _ => new IssuerClientAdapter(client, sendsRequests: false));
    }

    /// <summary>Registers a custom client that a function creates once. Each of its attempts counts as one request.</summary>
    /// <remarks>The container does not dispose of the client, unless the function resolves it from the container.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerClient<TClient>(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, TClient> create)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(create(provider), sendsRequests: false));
    }

    /// <summary>Registers a custom client that looks up many issuers in one request.</summary>
    /// <remarks>The client is a singleton, created by the container. Each of its calls counts as one request.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerBatchClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(this IIssuerEnrichmentBuilder builder)
        where TClient : class, IIssuerBatchClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>()));
    }

    /// <summary>Registers an existing client that looks up many issuers in one request.</summary>
    public static IIssuerEnrichmentBuilder AddIssuerBatchClient(this IIssuerEnrichmentBuilder builder, IIssuerBatchClient client)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(client);
        return builder.AddClient(client.GetType(), _ => new IssuerClientAdapter(client));
    }

    /// <summary>Registers a custom blocking client. The thread-pool strategy, which suits it best, becomes the default.</summary>
    /// <remarks>The client is a singleton, created by the container. Each of its attempts counts as one request.</remarks>
    public static IIssuerEnrichmentBuilder AddBlockingIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(this IIssuerEnrichmentBuilder builder)
        where TClient : class, IBlockingIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>()));
    }

    /// <summary>Registers a custom strategy and makes it the default of this source.</summary>
    public static IIssuerEnrichmentBuilder UseStrategy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStrategy>(
        this IIssuerEnrichmentBuilder builder)
        where TStrategy : class, IEnrichmentStrategy
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IEnrichmentStrategy, TStrategy>());
        builder.Services.AddOptions<IssuerEnrichmentOptions>(builder.Name).Configure<IEnumerable<IEnrichmentStrategy>>(
            (options, strategies) => options.Strategy = strategies.OfType<TStrategy>().Single().Name);
        return builder;
    }

    /// <summary>Sets a classifier for this source, which determines the types of its issuers instead of the container's classifier.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">Creates the classifier. The last registration wins.</param>
    public static IIssuerEnrichmentBuilder UseIssuerTypeClassifier(
        this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, IIssuerTypeClassifier> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        return builder;
    }

    /// <summary>Adds resilience strategies around each lookup, outside the retry.</summary>
    public static IIssuerEnrichmentBuilder AddLookupPolicy(this IIssuerEnrichmentBuilder builder, Action<ResiliencePipelineBuilder<IssuerAnswer>> configure) =>
        builder.Extend((extensions, _) => extensions.Lookup += configure);

    /// <summary>Adds resilience strategies around each attempt, inside all other policies. Use it to inject chaos.</summary>
    public static IIssuerEnrichmentBuilder AddAttemptPolicy(this IIssuerEnrichmentBuilder builder, Action<ResiliencePipelineBuilder<IssuerAnswer>> configure) =>
        builder.Extend((extensions, _) => extensions.Attempt += configure);

    /// <summary>
    /// Sets a custom rate limiter, for example one that several processes share, instead of <see cref="IssuerEnrichmentOptions.RateLimit"/>.
    /// </summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">
    /// Creates the limiter. It should queue requests. A lease that is not acquired counts as throttling by the service and pauses all requests.
    /// </param>
    public static IIssuerEnrichmentBuilder UseRateLimiter(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, RateLimiter> create) =>
        builder.Extend((extensions, provider) => extensions.RateLimiter = create(provider));

    /// <summary>Records outcomes in a journal. A run that ended early can then be started again, and looks up only what has no outcome yet.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">Creates the journal. The container disposes of it. The last registration wins.</param>
    public static IIssuerEnrichmentBuilder UseJournal(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, IEnrichmentJournal> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        return builder;
    }

    /// <summary>Registers a client for ISINs.</summary>
    internal static IIssuerEnrichmentBuilder AddClient(
        this IIssuerEnrichmentBuilder builder, Type clientType, Func<IServiceProvider, IssuerClientAdapter> create)
    {
        builder.Services.AddSingleton(new ClientRegistration(builder.Name, clientType, AnswerFormat.Isins.Type, create));
        return builder;
    }

    private static IIssuerEnrichmentBuilder Extend(this IIssuerEnrichmentBuilder builder, Action<PolicyExtensions, IServiceProvider> extend)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<PolicyExtensions>(builder.Name).Configure(extend);
        return builder;
    }
}
