using System.Diagnostics.Metrics;
using IssuerEnrichment.Caching;
using IssuerEnrichment.Lookups;
using IssuerEnrichment.Registration;
using IssuerEnrichment.Runs;
using IssuerEnrichment.Strategies;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Registers issuer enrichment with a service collection.</summary>
public static class IssuerEnrichmentServiceCollectionExtensions
{
    /// <summary>Registers the default source. Resolve it as <see cref="IIssuerEnricher"/>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    /// <remarks>Can be called repeatedly: the configurations are applied in order, and nothing is registered twice.</remarks>
    public static IIssuerEnrichmentBuilder AddIssuerEnrichment(
        this IServiceCollection services, Action<IssuerEnrichmentOptions>? configure = null) =>
        services.AddIssuerEnrichment(Microsoft.Extensions.Options.Options.DefaultName, configure);

    /// <summary>Registers a named source. Resolve it as <see cref="IIssuerEnricher"/> with its name as the key.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="name">The name of the source.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    public static IIssuerEnrichmentBuilder AddIssuerEnrichment(
        this IServiceCollection services, string name, Action<IssuerEnrichmentOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.AddOptions<IssuerEnrichmentOptions>(name).Configure(configure ?? (_ => { })).ValidateOnStart();
        return services.AddIsinSource(name);
    }

    /// <summary>Registers a source with options from configuration. The keys are the names of <see cref="IssuerEnrichmentOptions"/>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">
    /// The section. Durations are written as <c>10s</c>, <c>2m</c> or <c>00:00:10</c>. An empty value disables an option that can be disabled. A
    /// missing section, an unknown key and a value that cannot be parsed are errors, reported when the host starts or when the options are first
    /// used.
    /// </param>
    /// <param name="name">The name of the source; empty for the default source.</param>
    public static IIssuerEnrichmentBuilder AddIssuerEnrichment(this IServiceCollection services, IConfiguration section, string name = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<IssuerEnrichmentOptions>(name)
            .Configure(options => ConfigurationTables.Enrichment.Read(section, options, name))
            .ValidateOnStart();
        return services.AddIsinSource(name);
    }

    /// <summary>Registers the source of an attribute, named after its type. Resolve it as <see cref="IIssuerEnricher{T}"/>.</summary>
    /// <typeparam name="T">The attribute, such as a record with a rating and its date.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    /// <remarks>Can be called repeatedly, like the method for ISINs.</remarks>
    public static IssuerEnrichmentBuilder<T> AddIssuerEnrichment<T>(
        this IServiceCollection services, Action<IssuerEnrichmentOptions>? configure = null)
        where T : notnull
    {
        IssuerEnrichmentBuilder<T> builder = services.AddIssuerEnrichment<T>(AnswerFormat.NameOf(typeof(T)), configure);
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IIssuerEnricher<T>>(builder.Name));
        return builder;
    }

    /// <summary>Registers a named source of an attribute. Resolve it as <see cref="IIssuerEnricher{T}"/> with its name as the key.</summary>
    /// <typeparam name="T">The attribute.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="name">The name of the source.</param>
    /// <param name="configure">Sets the options; null means the defaults.</param>
    public static IssuerEnrichmentBuilder<T> AddIssuerEnrichment<T>(
        this IServiceCollection services, string name, Action<IssuerEnrichmentOptions>? configure = null)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.AddOptions<IssuerEnrichmentOptions>(name).Configure(configure ?? (_ => { })).ValidateOnStart();
        services.AddSource(name);
        services.TryAddKeyedSingleton(name, AnswerFormat.Of<T>(json: null));
        services.TryAddKeyedSingleton<IIssuerEnricher<T>>(name, (provider, _) => new IssuerEnricher<T>(CreateEnricher(provider, name)));
        return new IssuerEnrichmentBuilder<T>(name, services);
    }

    private static SourceBuilder AddIsinSource(this IServiceCollection services, string name)
    {
        services.AddSource(name);
        services.TryAddKeyedSingleton<IIssuerEnricher>(name, (provider, _) => CreateEnricher(provider, name));
        if (name.Length == 0)
            services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IIssuerEnricher>(name));
        return new SourceBuilder(name, services);
    }

    private static void AddSource(this IServiceCollection services, string name)
    {
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIssuerTypeClassifier, MarketSectorIssuerTypeClassifier>();
        services.TryAddSingleton<StrategySet>();
        services.TryAddEnumerable([
            ServiceDescriptor.Singleton<IEnrichmentStrategy, SequentialStrategy>(),
            ServiceDescriptor.Singleton<IEnrichmentStrategy, ThreadPoolStrategy>(),
            ServiceDescriptor.Singleton<IEnrichmentStrategy, AsyncStrategy>(),
            ServiceDescriptor.Singleton<IValidateOptions<IssuerEnrichmentOptions>, SourceValidator>(),
        ]);

        services.TryAddKeyedSingleton(name, (provider, _) => CreateEnvironment(provider, name));
        services.TryAddKeyedSingleton(name, (provider, _) => CreatePolicies(provider, name));
    }

    private static SourceEnvironment CreateEnvironment(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<TimeProvider>(),
        Random.Shared.NextDouble,
        new EnrichmentTelemetry(provider.GetService<IMeterFactory>(), provider.GetRequiredService<ILogger<IssuerEnricher>>(), name))
    {
        Source = name,
        Journal = provider.GetKeyedService<IEnrichmentJournal>(name),
        Cache = provider.GetKeyedService<AnswerCache>(name),
    };

    private static ServicePolicies CreatePolicies(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<IOptionsMonitor<IssuerEnrichmentOptions>>().Get(name),
        provider.GetRequiredService<IOptionsMonitor<PolicyExtensions>>().Get(name),
        provider.GetRequiredKeyedService<SourceEnvironment>(name));

    private static IssuerEnricher CreateEnricher(IServiceProvider provider, string name)
    {
        IssuerEnrichmentOptions options = provider.GetRequiredService<IOptionsMonitor<IssuerEnrichmentOptions>>().Get(name);
        SourceEnvironment environment = provider.GetRequiredKeyedService<SourceEnvironment>(name);
        IssuerSource source = new(
            provider.GetServices<ClientRegistration>().Single(client => client.Source == name).Create(provider),
            provider.GetRequiredKeyedService<ServicePolicies>(name),
            provider.GetFormat(name).HasIssuerType
                ? provider.GetKeyedService<IIssuerTypeClassifier>(name) ?? provider.GetRequiredService<IIssuerTypeClassifier>()
                : null,
            environment,
            options.Bounds.MaxIssuerIdLength);
        return new IssuerEnricher(options, provider.GetRequiredService<StrategySet>(), source, environment);
    }

    private sealed record SourceBuilder(string Name, IServiceCollection Services) : IIssuerEnrichmentBuilder;
}
