using IssuerEnrichment.Strategies;
using IssuerEnrichment.Tests.Clients;
using IssuerEnrichment.Tests.Registration;

namespace IssuerEnrichment.Tests.Strategies;

public sealed class SequentialStrategyTests : EnrichmentStrategyContract<SequentialStrategy>
{
    protected override int Limit => 1;

    [Fact]
    public async Task Asks_in_input_order()
    {
        GatedIssuerClient client = new();
        client.Open();
        await using Source source = Source.Of(builder => builder.AddIssuerClient(client).UseStrategy<SequentialStrategy>());

        await source.Enricher.Stream(["c", "a", "b"]).ToListAsync(TestContext.Current.CancellationToken).AsTask().WithFuse();

        client.Asked.Should().Equal("c", "a", "b");
    }
}
