using System.Text.Json;

namespace IssuerEnrichment.Tests.Domain;

public sealed class IssuerTypeTests
{
    [Fact]
    public void The_known_types_carry_the_names_of_the_seed()
    {
        IssuerType[] known = [IssuerType.Corporate, IssuerType.Municipality, IssuerType.Sovereign];

        known.Select(type => type.Name).Should().Equal("Corporate", "Municipality", "Sovereign");
        known.Select(type => type.ToString()).Should().Equal("Corporate", "Municipality", "Sovereign");
    }

    [Fact]
    public void Any_name_makes_a_type_that_equals_by_that_name()
    {
        IssuerType.Of("Sovereign").Should().Be(IssuerType.Sovereign);
        (IssuerType.Of("Fund") == IssuerType.Of("Fund")).Should().BeTrue();
        IssuerType.Of("Fund").GetHashCode().Should().Be(IssuerType.Of("Fund").GetHashCode());
    }

    [Theory]
    [InlineData("sovereign")]
    [InlineData("Sovereign ")]
    [InlineData("Sovereign\u00AD")] // A soft hyphen, which a culture would ignore.
    public void A_name_that_differs_at_all_makes_another_type(string name) => IssuerType.Of(name).Should().NotBe(IssuerType.Sovereign);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void A_blank_name_is_rejected(string? name) =>
        FluentActions.Invoking(() => IssuerType.Of(name!)).Should().Throw<ArgumentException>().WithParameterName(nameof(name));

    [Fact]
    public void JSON_holds_the_name_as_a_value_and_as_a_key()
    {
        Dictionary<IssuerType, IssuerType?> types = new() { [IssuerType.Of("Fund")] = IssuerType.Sovereign, [IssuerType.Corporate] = null };

        string json = JsonSerializer.Serialize(types, DomainJsonContext.Default.DictionaryIssuerTypeIssuerType);

        json.Should().Be("""{"Fund":"Sovereign","Corporate":null}""");
        JsonSerializer.Deserialize(json, DomainJsonContext.Default.DictionaryIssuerTypeIssuerType).Should().Equal(types);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("7")]
    [InlineData("{}")]
    public void JSON_that_is_no_name_is_rejected_as_JSON(string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize(json, DomainJsonContext.Default.IssuerType))
            .Should().Throw<JsonException>().WithMessage("The name of an issuer type must be a string that is not blank*");
}
