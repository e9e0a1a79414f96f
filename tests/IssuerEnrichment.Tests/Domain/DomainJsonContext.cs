using System.Text.Json.Serialization;

namespace IssuerEnrichment.Tests.Domain;

/// <summary>Serializes as a user without reflection does.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IssuerDocument))]
[JsonSerializable(typeof(Dictionary<IssuerType, IssuerType?>))]
internal sealed partial class DomainJsonContext : JsonSerializerContext;
