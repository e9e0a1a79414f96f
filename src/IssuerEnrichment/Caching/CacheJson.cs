using System.Text.Json.Serialization;

namespace IssuerEnrichment.Caching;

/// <summary>Serializes cached answers to JSON. An entry of another shape is an error, not an empty answer.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CachedAnswer))]
internal sealed partial class CacheJson : JsonSerializerContext;
