using System.Text.Json.Serialization;

namespace IssuerEnrichment.Caching;

/// <summary>Serializes cached answers to JSON. An entry of another shape is an error, not an answer without ISINs.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CacheJson : JsonSerializerContext;
