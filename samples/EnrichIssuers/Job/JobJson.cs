using System.Text.Json.Serialization;

namespace EnrichIssuers.Job;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportFile))]
internal sealed partial class JobJson : JsonSerializerContext;
