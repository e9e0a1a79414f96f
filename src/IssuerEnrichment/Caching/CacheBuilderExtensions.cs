using IssuerEnrichment.Caching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment;

/// <summary>Answers of a source from a cache.</summary>
public static class CacheBuilderExtensions
{
    /// <summary>Answers from the application's <see cref="HybridCache"/> what the service has answered before. Errors are never kept.</summary>
    /// <remarks>
    /// Runs of the source that want the same issuer at the same time share one lookup, so that a cache that is empty is no stampede. May be called
    /// again: options add up.
    /// </remarks>
    /// <param name="builder">The source.</param>
    /// <param name="configure">Sets how long answers are kept; null means the defaults.</param>
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

    // Options first, for their validation says what to mend where there is no cache.
    private static AnswerCache CreateCache(IServiceProvider provider, string name)
    {
        CacheOptions options = provider.GetRequiredService<IOptionsMonitor<CacheOptions>>().Get(name);
        return new AnswerCache(
            provider.GetRequiredService<HybridCache>(),
            options,
            name,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IssuerEnricher>>());
    }
}
