using IssuerEnrichment.Clients;
using IssuerEnrichment.Telemetry;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Caching;

/// <summary>The answers of one source in the application's cache. A cache that fails is told of, and is otherwise as good as an empty one.</summary>
internal sealed class AnswerCache(HybridCache cache, CacheOptions options, string source, TimeProvider timeProvider, ILogger logger)
{
    // With what comes before it in a key it stays below the 1,024 characters that a HybridCache takes.
    private const int LongestId = 512;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly HybridCacheEntryOptions _reading = new() { Expiration = options.Lifetime, Flags = HybridCacheEntryFlags.DisableUnderlyingData };
    private readonly HybridCacheEntryOptions _found = new() { Expiration = options.Lifetime };
    private readonly HybridCacheEntryOptions? _notFound =
        options.NegativeLifetime > TimeSpan.Zero ? new() { Expiration = options.NegativeLifetime } : null;

    // By which an application can throw them all away.
    private readonly string[] _tags = [source.Length == 0 ? "IssuerEnrichment" : $"IssuerEnrichment:{source}"];

    private readonly Lock _lock = new();
    private (string RequestShape, string Text)? _prefix;
    private long? _toldAt;

    /// <summary>Under what an issuer's answer is kept; null where its id is too long for that.</summary>
    public string? KeyOf(string issuerId, string requestShape) => issuerId.Length <= LongestId ? PrefixOf(requestShape) + issuerId : null;

    /// <summary>Finds an answer; null where there is none.</summary>
    public async ValueTask<CachedAnswer?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await cache
                .GetOrCreateAsync<CachedAnswer?>(key, static _ => default, _reading, _tags, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever a cache throws at the end of a run, it is the end of the run.
            cancellationToken.ThrowIfCancellationRequested();
            Tell(e);
            return null;
        }
    }

    /// <summary>Keeps an answer for as long as its kind lives. It never throws, for the answer is there whatever becomes of it in the cache.</summary>
    public async ValueTask KeepAsync(string key, IssuerAnswer answer, CancellationToken cancellationToken)
    {
        if ((answer.IsNotFound ? _notFound : _found) is not { } lifetime)
            return;
        try
        {
            await cache.SetAsync(key, CachedAnswer.Of(answer), lifetime, _tags, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
                Tell(e);
        }
    }

    // The fingerprint has one length, whatever the names of sources and the shapes of requests.
    private string PrefixOf(string requestShape)
    {
        lock (_lock)
        {
            if (_prefix is not { } prefix || prefix.RequestShape != requestShape)
                _prefix = prefix = (requestShape, $"IssuerEnrichment:{Fingerprint.Of($"{source}\n{requestShape}")}:");
            return prefix.Text;
        }
    }

    // A cache that is down fails for every issuer, and twice.
    private void Tell(Exception e)
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
