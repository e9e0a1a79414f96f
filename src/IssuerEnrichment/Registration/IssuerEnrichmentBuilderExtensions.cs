using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;

namespace IssuerEnrichment;

/// <summary>The client of a source, its strategy and its policies.</summary>
public static class IssuerEnrichmentBuilderExtensions
{
    /// <summary>Asks a client of your own. Each of its attempts is taken for one request: it is paced and timed as a whole.</summary>
    /// <remarks>The client is a singleton, made from the container. One that uses an <see cref="HttpClient"/> is better off with <c>AddHttpIssuerClient</c>.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(
        this IIssuerEnrichmentBuilder builder)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>(), sendsRequests: false));
    }

    /// <summary>Asks a client that is there already.</summary>
    public static IIssuerEnrichmentBuilder AddIssuerClient(this IIssuerEnrichmentBuilder builder, IIssuerClient client)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(client);
        return builder.AddClient(client.GetType(), _ => new IssuerClientAdapter(client, sendsRequests: false));
    }

    /// <summary>Asks a client that is made by a function, once. Each of its attempts is taken for one request.</summary>
    /// <remarks>What it makes is not disposed of by the container, unless the function takes it from there.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerClient<TClient>(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, TClient> create)
        where TClient : class, IIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(create(provider), sendsRequests: false));
    }

    /// <summary>Asks a client of your own that takes many issuers in one request.</summary>
    /// <remarks>The client is a singleton, made from the container. Each of its calls is taken for one request.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerBatchClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(this IIssuerEnrichmentBuilder builder)
        where TClient : class, IIssuerBatchClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>()));
    }

    /// <summary>Asks a client that is there already, and takes many issuers in one request.</summary>
    public static IIssuerEnrichmentBuilder AddIssuerBatchClient(this IIssuerEnrichmentBuilder builder, IIssuerBatchClient client)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(client);
        return builder.AddClient(client.GetType(), _ => new IssuerClientAdapter(client));
    }

    /// <summary>Asks a blocking client of your own, which the thread-pool strategy suits best; it is the default then.</summary>
    /// <remarks>The client is a singleton, made from the container. Each of its attempts is taken for one request.</remarks>
    public static IIssuerEnrichmentBuilder AddBlockingIssuerClient<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(this IIssuerEnrichmentBuilder builder)
        where TClient : class, IBlockingIssuerClient
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TClient>();
        return builder.AddClient(typeof(TClient), provider => new IssuerClientAdapter(provider.GetRequiredService<TClient>()));
    }

    /// <summary>Registers a strategy of your own and makes it the default of this source.</summary>
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

    /// <summary>Tells the types of this source's issuers by a classifier of its own, instead of the container's.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">Makes the classifier. Of several the last counts.</param>
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

    /// <summary>Adds resilience strategies around each attempt, inside all others: the place for chaos.</summary>
    public static IIssuerEnrichmentBuilder AddAttemptPolicy(this IIssuerEnrichmentBuilder builder, Action<ResiliencePipelineBuilder<IssuerAnswer>> configure) =>
        builder.Extend((extensions, _) => extensions.Attempt += configure);

    /// <summary>Paces requests by a limiter of your own, such as one shared by several processes, instead of <see cref="IssuerEnrichmentOptions.RateLimit"/>.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">Makes the limiter. It should wait rather than refuse: a refusal counts as one of the service, and closes the gate.</param>
    public static IIssuerEnrichmentBuilder UseRateLimiter(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, RateLimiter> create) =>
        builder.Extend((extensions, provider) => extensions.RateLimiter = create(provider));

    /// <summary>Keeps verdicts in a journal, so that a run that ended early asks only for what has none when it is started again.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="create">Makes the journal, of which the container disposes. Of several the last counts.</param>
    public static IIssuerEnrichmentBuilder UseJournal(this IIssuerEnrichmentBuilder builder, Func<IServiceProvider, IEnrichmentJournal> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        return builder;
    }

    internal static IIssuerEnrichmentBuilder AddClient(
        this IIssuerEnrichmentBuilder builder, Type clientType, Func<IServiceProvider, IssuerClientAdapter> create)
    {
        builder.Services.AddSingleton(new ClientRegistration(builder.Name, clientType, create));
        return builder;
    }

    private static IIssuerEnrichmentBuilder Extend(this IIssuerEnrichmentBuilder builder, Action<PolicyExtensions, IServiceProvider> extend)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<PolicyExtensions>(builder.Name).Configure(extend);
        return builder;
    }
}
