using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IssuerEnrichment;

/// <summary>The attribute that a source loads: its type, and its JSON format in journals and caches. The library itself never looks inside.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class AnswerFormat
{
    private readonly JsonTypeInfo? _json;

    private AnswerFormat(Type type, string name, JsonTypeInfo? json)
    {
        Type = type;
        Name = name;
        _json = json;
    }

    /// <summary>The ISINs of an issuer, which sources load unless they say otherwise.</summary>
    public static AnswerFormat Isins { get; } = new(typeof(IReadOnlyList<string>), "ISINs", AnswerJson.Default.IReadOnlyListString);

    /// <summary>The type of the attribute.</summary>
    public Type Type { get; }

    /// <summary>The name of the attribute, for people.</summary>
    public string Name { get; }

    /// <summary>Whether outcomes have the type of their issuer, as those with ISINs do.</summary>
    public bool HasIssuerType => ReferenceEquals(this, Isins);

    /// <summary>Whether the attribute can be written as JSON.</summary>
    public bool IsSerializable => _json is not null;

    /// <summary>Creates the format of another attribute.</summary>
    /// <param name="json">Describes its JSON; null if it is never written.</param>
    public static AnswerFormat Of<T>(JsonTypeInfo<T>? json)
        where T : notnull => new(typeof(T), NameOf(typeof(T)), json);

    /// <summary>Returns the name of a type as it is written in C#.</summary>
    public static string NameOf(Type type) => !type.IsGenericType
        ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";

    /// <summary>Adds the attribute to the settings that affect the answers. ISINs are the default.</summary>
    public string Qualify(string requestShape) => HasIssuerType ? requestShape : $"{Name} {requestShape}";

    /// <summary>Writes an answer as JSON.</summary>
    public string Write(object answer) => JsonSerializer.Serialize(answer, _json!);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">The text is not JSON of this attribute.</exception>
    public object Read(string text) => JsonSerializer.Deserialize(text, _json!) ?? throw new JsonException($"The text is null, not {Name}.");
}

/// <summary>Serializes ISINs without reflection.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class AnswerJson : JsonSerializerContext;
