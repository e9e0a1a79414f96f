using IssuerEnrichment.Caching;
using IssuerEnrichment.Registration;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Adds a cache to a source.</summary>
public static class CacheBuilderExtensions
{
    /// <summary>Caches the service's answers in the application's <see cref="HybridCache"/>. Errors are never cached.</summary>
    /// <remarks>
    /// Concurrent lookups of the same issuer, in any of the source's runs, share one request, which prevents a cache stampede. Can be called
    /// repeatedly: the configurations are applied in order.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets the lifetime of cached answers; null means the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IIssuerEnrichmentBuilder UseCache(this IIssuerEnrichmentBuilder builder, Action<CacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        builder.Services.AddOptions<CacheOptions>(name).Configure(configure ?? (_ => { })).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        builder.Services.TryAddSingleton<IHybridCacheSerializer<CachedAnswer>, CachedAnswerSerializer>();
        builder.Services.TryAddKeyedSingleton(name, (provider, _) => CreateCache(provider, name));
        return builder;
    }

    // Read the options first, because their validation reports a missing cache.
    private static AnswerCache CreateCache(IServiceProvider provider, string name)
    {
        CacheOptions options = provider.GetRequiredService<IOptionsMonitor<CacheOptions>>().Get(name);
        return new AnswerCache(
            provider.GetRequiredService<HybridCache>(),
            options,
            provider.GetFormat(name),
            name,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IssuerEnricher>>());
    }
}
