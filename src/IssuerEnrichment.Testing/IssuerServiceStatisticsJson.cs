using System.Text.Json.Serialization;

namespace IssuerEnrichment.Testing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IssuerServiceStatistics))]
internal sealed partial class IssuerServiceStatisticsJson : JsonSerializerContext;
