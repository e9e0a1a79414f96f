using System.Reflection;

namespace IssuerEnrichment.Tests;

/// <summary>What every public type of the library, and of its package for GLEIF, keeps to.</summary>
public sealed class PublicApiTests
{
    private static readonly Type[] PublicTypes = [.. typeof(IIssuerEnricher).Assembly.GetExportedTypes(), .. typeof(GleifOptions).Assembly.GetExportedTypes()];

    [Fact]
    public void Classes_are_sealed_or_static() =>
        PublicTypes.Where(type => type is { IsClass: true, IsSealed: false }).Should().BeEmpty();

    [Fact]
    public void Values_are_immutable() =>
        PublicTypes.Where(type => type.IsValueType && !type.IsEnum)
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => !field.IsInitOnly)
            .Should().BeEmpty();

    [Fact]
    public void Only_options_can_be_changed() =>
        PublicTypes.Where(type => !type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            .Should().BeEmpty();

    [Fact]
    public void Options_have_at_most_eight_properties_and_a_constructor_without_parameters() =>
        PublicTypes.Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)).Should().NotBeEmpty().And.OnlyContain(type =>
            // The root has a group more: to put batches under another group would hide them where nobody looks.
            type.GetProperties().Length <= (type == typeof(IssuerEnrichmentOptions) ? 9 : 8) && type.GetConstructor(Type.EmptyTypes) != null);

    [Fact]
    public void Exceptions_are_named_so() =>
        PublicTypes.Where(type => type.IsAssignableTo(typeof(Exception))).Should().NotBeEmpty()
            .And.OnlyContain(type => type.Name.EndsWith("Exception", StringComparison.Ordinal));

    [Fact]
    public void What_users_touch_first_is_in_the_library_s_own_namespace() =>
        PublicTypes.Where(type => type.Namespace != "IssuerEnrichment").Select(type => type.Namespace).Distinct()
            .Should().BeSubsetOf(["IssuerEnrichment.Strategies", "IssuerEnrichment.Throttling"]);

    [Fact]
    public void Asynchronous_methods_say_so_and_take_the_cancellation_last()
    {
        MethodInfo[] methods = [.. PublicTypes.SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))];

        methods.Where(method => method.ReturnType.IsAssignableTo(typeof(Task)) || method.ReturnType == typeof(ValueTask))
            .Should().NotBeEmpty().And.OnlyContain(method => method.Name.EndsWith("Async", StringComparison.Ordinal));
        methods.Select(method => method.GetParameters().SkipLast(1)).SelectMany(parameters => parameters)
            .Should().NotContain(parameter => parameter.ParameterType == typeof(CancellationToken));
    }
}
