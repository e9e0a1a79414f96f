using System.Reflection;
using System.Runtime.CompilerServices;

namespace IssuerEnrichment.Tests.Architecture;

/// <summary>Types stay small enough to be read at once. Options and results have as many properties as they have values.</summary>
public sealed class TypeSizeTests
{
    private const int MostMembers = 15;

    // These are still larger, and may shrink only.
    private static readonly Dictionary<string, int> Larger = new() { ["LimiterModel"] = 23, ["GatePolicy"] = 22, ["RequestContext"] = 22, ["ServiceGate"] = 17 };

    [Fact]
    public void No_type_but_options_and_results_has_many_members() => typeof(IssuerEnricher).Assembly.GetTypes()
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsData(type))
        .Select(type => (type.Name, Members: MembersOf(type)))
        .Where(type => type.Members > Larger.GetValueOrDefault(type.Name, MostMembers))
        .OrderByDescending(type => type.Members)
        .Select(type => $"{type.Name}: {type.Members}")
        .Should().BeEmpty();

    // Nothing but values: whoever reads it looks for one of them.
    private static bool IsData(Type type) =>
        type.IsEnum || type.Name.EndsWith("Options", StringComparison.Ordinal) || type.GetMethod("<Clone>$") is not null
        || type == typeof(EnrichmentOutcome) || (type.IsAbstract && type.IsSealed);

    private static int MembersOf(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        int methods = type.GetMethods(Declared).Count(method => !method.IsPrivate && !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)));
        int properties = type.GetProperties(Declared).Count(property => property.GetMethod is { IsPrivate: false });
        return methods + properties;
    }
}
