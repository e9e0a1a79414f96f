namespace IssuerEnrichment.Tests.Domain;

public sealed class IssuerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" 7 ")]
    public void Any_id_is_kept_as_it_was(string? id) => new Issuer(id).Id.Should().Be(id);

    [Fact]
    public void A_new_issuer_is_not_enriched()
    {
        Issuer issuer = new("1");

        issuer.Isins.Should().BeNull();
        issuer.Type.Should().BeNull();
    }

    [Fact]
    public void Enriching_makes_another_issuer_and_leaves_the_first_alone()
    {
        Issuer issuer = new("1");

        Issuer enriched = issuer with { Isins = [], Type = IssuerType.Sovereign };

        enriched.Should().BeEquivalentTo(new Issuer("1", [], IssuerType.Sovereign));
        issuer.Should().Be(new Issuer("1"));
    }
}
