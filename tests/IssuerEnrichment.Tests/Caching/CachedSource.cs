using IssuerEnrichment.Tests.Documentation;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>A source with a cache, as a user would register it, on a clock that stands still.</summary>
internal sealed class CachedSource : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    public CachedSource(
        Action<IIssuerEnrichmentBuilder> build,
        Action<CacheOptions>? configure = null,
        IDistributedCache? outside = null,
        HybridCache? cache = null)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
        services.AddSingleton<TimeProvider>(Clock);
        services.Configure<MemoryCacheOptions>(options => options.Clock = new MemoryClock(Clock));
        if (outside is not null)
            services.AddSingleton(outside);
        if (cache is null)
            services.AddHybridCache();
        else
            services.AddSingleton(cache);
        build(services.AddIssuerEnrichment().UseCache(configure).UseStrategy<AnnouncingStrategy>());
        _provider = services.BuildServiceProvider();
    }

    public CachedSource(
        IIssuerClient client, Action<CacheOptions>? configure = null, IDistributedCache? outside = null, HybridCache? cache = null)
        : this(builder => builder.AddIssuerClient(client), configure, outside, cache)
    {
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public RecordingLogger Log { get; } = new();

    public HybridCache Cache => _provider.GetRequiredService<HybridCache>();

    public AnnouncingStrategy Announcing => _provider.GetServices<IEnrichmentStrategy>().OfType<AnnouncingStrategy>().Single();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Begins a run, by default with the async strategy, that a test may leave early.</summary>
    public Task<List<EnrichmentOutcome>> BeginAsync(
        IEnumerable<string> ids, EnrichmentRunOptions? options = null, CancellationTokenSource? leaving = null) =>
        _provider.GetRequiredService<IIssuerEnricher>()
            .Stream(ids, (options ?? new()) with { Strategy = options?.Strategy ?? EnrichmentStrategyName.Async })
            .ToListAsync(leaving?.Token ?? Token).AsTask();

    /// <summary>Runs to the end, in input order.</summary>
    public Task<List<EnrichmentOutcome>> EnrichAsync(params string[] ids) => BeginAsync(ids, new() { Ordered = true }).WithTimeout();

    public async Task<EnrichmentReport> ReportAsync(params string[] ids)
    {
        IEnrichmentRun run = _provider.GetRequiredService<IIssuerEnricher>().Stream(ids, new() { Strategy = EnrichmentStrategyName.Async });
        await run.CountAsync(Token).AsTask().WithTimeout();
        return run.Report;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    private sealed class MemoryClock(TimeProvider clock) : ISystemClock
    {
        public DateTimeOffset UtcNow => clock.GetUtcNow();
    }
}
