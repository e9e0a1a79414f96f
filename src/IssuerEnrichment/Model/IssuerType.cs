using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>The type of an issuer, identified by its name. The set of types is open.</summary>
/// <remarks>
/// Services and users have their own vocabularies, so any name can be a type. Types are equal if their names are (ordinal comparison). In JSON
/// a type is its name. Instances are immutable and thread-safe.
/// </remarks>
[JsonConverter(typeof(IssuerTypeJsonConverter))]
public sealed record IssuerType
{
    private IssuerType(string name) => Name = name;

    /// <summary>A company, or any issuer that no rule assigns another type.</summary>
    public static IssuerType Corporate { get; } = new("Corporate");

    /// <summary>A province, a city or another regional or local authority.</summary>
    public static IssuerType Municipality { get; } = new("Municipality");

    /// <summary>A state.</summary>
    public static IssuerType Sovereign { get; } = new("Sovereign");

    /// <summary>The name, never blank.</summary>
    public string Name { get; }

    /// <summary>Creates the type with this name. A known name gives a type equal to the known one.</summary>
    /// <param name="name">The name. It is used as is: neither trimmed nor changed in case.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    public static IssuerType Of(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new IssuerType(name);
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
