using System.Text.Json.Serialization;

namespace IssuerEnrichment.Caching;

/// <summary>Cached answers as JSON. An entry of another shape is an error, rather than an answer without ISINs.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CacheJson : JsonSerializerContext;
