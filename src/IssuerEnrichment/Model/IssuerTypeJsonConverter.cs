using System.Text.Json;
using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>Serializes an <see cref="IssuerType"/> as its name, both as a value and as a dictionary key. Uses no reflection.</summary>
/// <remarks>Public only because source-generated serializers must be able to construct it.</remarks>
public sealed class IssuerTypeJsonConverter : JsonConverter<IssuerType>
{
    /// <inheritdoc/>
    public override IssuerType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
        return string.IsNullOrWhiteSpace(name)
            ? throw new JsonException("The name of an issuer type must be a string that is not blank.")
            : IssuerType.Of(name);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IssuerType value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);

    /// <inheritdoc/>
    public override IssuerType ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, IssuerType value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Name);
}
