using IssuerEnrichment.Clients;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Caching;

/// <summary>The answers of one source in the application's cache. Failures of the cache are logged, and treated as cache misses.</summary>
internal sealed class AnswerCache(HybridCache cache, CacheOptions options, AnswerFormat format, string source, TimeProvider timeProvider, ILogger logger)
{
    // Together with its prefix, a key stays below the 1,024 characters that a HybridCache accepts.
    private const int LongestId = 512;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly HybridCacheEntryOptions _reading = new() { Expiration = options.Lifetime, Flags = HybridCacheEntryFlags.DisableUnderlyingData };
    private readonly HybridCacheEntryOptions _found = new() { Expiration = options.Lifetime };
    private readonly HybridCacheEntryOptions? _notFound =
        options.NegativeLifetime > TimeSpan.Zero ? new() { Expiration = options.NegativeLifetime } : null;

    // Lets an application evict all answers of the source.
    private readonly string[] _tags = [source.Length == 0 ? "IssuerEnrichment" : $"IssuerEnrichment:{source}"];

    private readonly Lock _lock = new();
    private (string RequestShape, string Text)? _prefix;
    private long? _toldAt;

    /// <summary>Returns the key of an issuer's answer; null if the id is too long to be cached.</summary>
    public string? KeyOf(string issuerId, string requestShape) => issuerId.Length <= LongestId ? PrefixOf(requestShape) + issuerId : null;

    /// <summary>Finds an answer; null if there is none.</summary>
    public async ValueTask<IssuerAnswer?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            CachedAnswer? cached = await cache
                .GetOrCreateAsync<CachedAnswer?>(key, static _ => default, _reading, _tags, cancellationToken)
                .ConfigureAwait(false);
            return cached?.ToAnswer(format);
        }
        catch (Exception e)
        {
            // If the run has ended, it is cancelled, whatever the cache throws.
            cancellationToken.ThrowIfCancellationRequested();
            LogFailure(e);
            return null;
        }
    }

    /// <summary>Stores an answer for its lifetime. Does not throw, because the lookup has its answer in any case.</summary>
    public async ValueTask KeepAsync(string key, IssuerAnswer answer, CancellationToken cancellationToken)
    {
        if ((answer.IsNotFound ? _notFound : _found) is not { } lifetime)
            return;
        try
        {
            await cache.SetAsync(key, CachedAnswer.Of(answer, format), lifetime, _tags, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
                LogFailure(e);
        }
    }

    // The hash has a fixed length, however long the names of sources and the shapes of requests are.
    private string PrefixOf(string requestShape)
    {
        lock (_lock)
        {
            if (_prefix is not { } prefix || prefix.RequestShape != requestShape)
                _prefix = prefix = (requestShape, $"IssuerEnrichment:{Fingerprint.Of($"{source}\n{requestShape}")}:");
            return prefix.Text;
        }
    }

    // A cache that is down fails twice for every issuer.
    private void LogFailure(Exception e)
    {
        lock (_lock)
        {
            long now = timeProvider.GetTimestamp();
            if (_toldAt is { } toldAt && timeProvider.GetElapsedTime(toldAt, now) < Quiet)
                return;
            _toldAt = now;
        }

        logger.CacheFailed(e.GetType().Name, LogText.Of(e.Message));
    }
}
