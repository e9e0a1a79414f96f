using System.Text.Json;
using System.Text.Json.Serialization;
using IssuerEnrichment.Tests.Clients;

namespace IssuerEnrichment.Tests.Hosts;

/// <summary>What an endpoint returns: outcomes and reports as JSON, by reflection and from generated code.</summary>
public sealed partial class JsonFormTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_with_failed_issuers_has_a_json_form(bool isGenerated)
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new FailingClient(), new IssuerEnrichmentOptions { Retry = new() { MaxAttempts = 1 } });
        IssuerDocument document = new([new("1"), new("bad")], ["Sovereign"]);

        DocumentEnrichmentResult result = await enricher.EnrichAsync(document, cancellationToken: TestContext.Current.CancellationToken);

        JsonElement json = isGenerated
            ? JsonSerializer.SerializeToElement(result, new Generated(new(JsonSerializerDefaults.Web)).DocumentEnrichmentResult)
            : JsonSerializer.SerializeToElement(result, Web);
        JsonElement[] outcomes = [.. json.GetProperty("outcomes").EnumerateArray()];
        outcomes[0].GetProperty("status").GetString().Should().Be("Enriched");
        outcomes[0].GetProperty("source").GetString().Should().Be("Service");
        outcomes[1].GetProperty("status").GetString().Should().Be("Failed");
        outcomes[1].GetProperty("error").EnumerateObject().Select(property => property.Name).Should().Equal("kind", "message", "httpStatus");
        outcomes[1].GetProperty("error").GetProperty("kind").GetString().Should().Be("Fault");
        json.GetProperty("report").GetProperty("limitedBy").GetString().Should().NotBeNullOrEmpty();
        json.GetProperty("report").GetProperty("failed").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task Outcomes_and_reports_read_well_as_text()
    {
        using IssuerEnricher enricher = IssuerEnricher.Create(
            new FailingClient(), new IssuerEnrichmentOptions { Retry = new() { MaxAttempts = 1 } });

        DocumentEnrichmentResult result = await enricher.EnrichAsync(
            new IssuerDocument([new("1"), new("bad")], ["Sovereign"]), cancellationToken: TestContext.Current.CancellationToken);

        result.Outcomes[0].ToString().Should().Be("1: Enriched, 1 ISINs, Sovereign");
        result.Outcomes[1].ToString().Should().Be("bad: Failed, The client threw InvalidOperationException: It is broken.");
        result.Outcomes[1].Error!.ToString().Should().Be("Fault: The client threw InvalidOperationException: It is broken.");
        result.ToString().Should().StartWith("2 inputs: 1 enriched, 0 not found, 0 invalid, 1 failed, 0 not attempted; 2 requests in ").And.EndWith(": " + result.Report.Advice);
        result.Report.Advice.Should().NotBeEmpty();
    }

    private sealed class FailingClient : IIssuerClient
    {
        public Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken) =>
            issuerId == "bad" ? throw new InvalidOperationException("It is broken.") : new EchoIssuerClient().GetIsinsAsync(issuerId, cancellationToken);
    }

    [JsonSerializable(typeof(DocumentEnrichmentResult))]
    private sealed partial class Generated : JsonSerializerContext;
}
