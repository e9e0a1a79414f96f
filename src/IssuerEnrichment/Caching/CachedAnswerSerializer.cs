using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace IssuerEnrichment.Caching;

/// <summary>Serializes cached answers for the distributed level of a cache, without reflection.</summary>
internal sealed class CachedAnswerSerializer : IHybridCacheSerializer<CachedAnswer>
{
    public CachedAnswer Deserialize(ReadOnlySequence<byte> source)
    {
        Utf8JsonReader reader = new(source);
        return JsonSerializer.Deserialize(ref reader, CacheJson.Default.CachedAnswer) ?? throw new JsonException("A cached answer is null.");
    }

    public void Serialize(CachedAnswer value, IBufferWriter<byte> target)
    {
        using Utf8JsonWriter writer = new(target);
        JsonSerializer.Serialize(writer, value, CacheJson.Default.CachedAnswer);
    }
}
