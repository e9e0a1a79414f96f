using System.Text.Json.Serialization;

namespace IssuerEnrichment.Gleif.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IsinsAnswer))]
[JsonSerializable(typeof(RecordAnswer))]
[JsonSerializable(typeof(RecordsAnswer))]
internal sealed partial class GleifJson : JsonSerializerContext;
