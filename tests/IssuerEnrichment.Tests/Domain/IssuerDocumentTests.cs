using System.Text.Json;

namespace IssuerEnrichment.Tests.Domain;

public sealed class IssuerDocumentTests
{
    [Fact]
    public void Null_lists_are_empty_lists()
    {
        IssuerDocument full = new([new Issuer("1")], ["Sovereign"]);

        foreach (IssuerDocument document in new[] { new IssuerDocument(null), full with { Issuers = null!, MarketSectors = null! } })
        {
            document.Issuers.Should().BeEmpty();
            document.MarketSectors.Should().BeEmpty();
        }
    }

    [Fact]
    public void Lists_are_kept_in_their_order()
    {
        IssuerDocument document = new([new Issuer("2"), new Issuer("1"), new Issuer("2")], ["Sovereign", "Banks"]);

        document.Issuers.Select(issuer => issuer.Id).Should().Equal("2", "1", "2");
        document.MarketSectors.Should().Equal("Sovereign", "Banks");
    }

    [Fact]
    public void JSON_keeps_apart_not_enriched_and_without_ISINs()
    {
        IssuerDocument document = new([new Issuer("1"), new Issuer("2", [], IssuerType.Sovereign), new Issuer(null)], ["Sovereign"]);

        string json = JsonSerializer.Serialize(document, DomainJsonContext.Default.IssuerDocument);
        IssuerDocument? read = JsonSerializer.Deserialize(json, DomainJsonContext.Default.IssuerDocument);

        json.Should().Contain("""{"id":"1","isins":null,"type":null},{"id":"2","isins":[],"type":"Sovereign"}""");
        read.Should().BeEquivalentTo(document);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"issuers":null,"marketSectors":null}""")]
    public void JSON_without_lists_gives_empty_lists(string json) =>
        JsonSerializer.Deserialize(json, DomainJsonContext.Default.IssuerDocument).Should().BeEquivalentTo(new IssuerDocument([], []));
}
