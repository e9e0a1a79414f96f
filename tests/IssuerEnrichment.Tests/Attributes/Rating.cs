using System.Text.Json.Serialization;

namespace IssuerEnrichment.Tests.Attributes;

/// <summary>An attribute as users would define it.</summary>
public sealed record Rating(string Grade, string Outlook, DateOnly Since);

/// <summary>Another one.</summary>
public sealed record Entity(string Name, string Country);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Rating))]
[JsonSerializable(typeof(Entity))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(int))]
internal sealed partial class AttributeJson : JsonSerializerContext;
