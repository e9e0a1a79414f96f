using IssuerEnrichment.Strategies;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Registration;

namespace IssuerEnrichment.Tests.Strategies;

public sealed class SequentialStrategyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asks_one_after_the_other_in_input_order_whatever_the_limit()
    {
        GatedIssuerClient client = new();
        await using Source source = Source.Of(
            builder => builder.AddIssuerClient(client).UseStrategy<SequentialStrategy>(), options => options.MaxConcurrency = 4);
        Task<List<EnrichmentOutcome>> run = source.Enricher.Stream(["c", "a", "b"]).ToListAsync(Token).AsTask();

        for (int asked = 1; asked <= 3; asked++)
        {
            await client.ReachAskedAsync(asked);
            client.LetOneGo();
        }

        await run.WithTimeout();
        client.Asked.Should().Equal("c", "a", "b");
        client.MostInFlight.Should().Be(1);
    }
}
