using Microsoft.Extensions.Caching.Hybrid;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>A cache in which every call ends as the test says.</summary>
internal sealed class BrokenCache(Func<CancellationToken, Task> end) : HybridCache
{
    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        await end(cancellationToken);
        return default!;
    }

    public override async ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        await end(cancellationToken);

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => default;

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => default;
}
