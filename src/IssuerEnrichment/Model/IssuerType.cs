using System.Text.Json.Serialization;

namespace IssuerEnrichment;

/// <summary>What kind of issuer this is: an open value, known by its name.</summary>
/// <remarks>
/// Services and users have their own vocabularies, so any name may be a type. Two types are equal when their names are, ordinally; in
/// JSON a type is its name. Instances are immutable and safe to share between threads.
/// </remarks>
[JsonConverter(typeof(IssuerTypeJsonConverter))]
public sealed record IssuerType
{
    private IssuerType(string name) => Name = name;

    /// <summary>A company, and whatever no rule places elsewhere.</summary>
    public static IssuerType Corporate { get; } = new("Corporate");

    /// <summary>A province, a city or another regional or local authority.</summary>
    public static IssuerType Municipality { get; } = new("Municipality");

    /// <summary>A state.</summary>
    public static IssuerType Sovereign { get; } = new("Sovereign");

    /// <summary>The name, never blank.</summary>
    public string Name { get; }

    /// <summary>Makes the type with this name; the known names give types equal to the known ones.</summary>
    /// <param name="name">Taken as it is: neither trimmed nor changed in case.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or blank.</exception>
    public static IssuerType Of(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new IssuerType(name);
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
