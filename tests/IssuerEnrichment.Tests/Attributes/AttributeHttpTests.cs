using System.Text.Json.Serialization.Metadata;
using IssuerEnrichment.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Attributes;

/// <summary>The built-in HTTP client for attributes other than ISINs, over real sockets.</summary>
public sealed class AttributeHttpTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, """{"grade":"AA-","outlook":"stable","since":"2026-03-01","analyst":"unknown property"}""")]
    [InlineData("$", """{"grade":"AA-","outlook":"stable","since":"2026-03-01"}""")]
    [InlineData("data.rating", """{"x":[{"data":1}],"data":{"y":{"rating":0},"rating":{"since":"2026-03-01","outlook":"stable","grade":"AA-"},"z":1}}""")]
    public async Task A_record_is_read_at_its_path(string? path, string body) =>
        (await LoadAsync(path, body, AttributeJson.Default.Rating)).Value.Should().Be(new Rating("AA-", "stable", new DateOnly(2026, 3, 1)));

    [Fact]
    public async Task Names_lists_and_numbers_are_read_at_their_path()
    {
        (await LoadAsync("data.name", """{"data":{"name":"ACME"}}""", AttributeJson.Default.String)).Value.Should().Be("ACME");
        (await LoadAsync("data.employees", """{"data":{"employees":0}}""", AttributeJson.Default.Int32)).Value.Should().Be(0);
        (await LoadAsync("$", """["a","b"]""", AttributeJson.Default.IReadOnlyListString)).Value.Should().Equal("a", "b");
        (await LoadAsync("entity", """{"entity":{"name":"ACME","country":"FR"}}""", AttributeJson.Default.Entity)).Value.Should().Be(new Entity("ACME", "FR"));
    }

    [Theory]
    [InlineData("""{"other":1}""", "'data' is missing")]
    [InlineData("""{"data":{}}""", "'data.rating' is missing")]
    [InlineData("""{"data":[]}""", "'data' is not an object")]
    [InlineData("""{"data":{"rating":null}}""", "'data.rating' is null, not Rating")]
    [InlineData("""{"data":{"rating":"AA-"}}""", "'data.rating' (at byte 19) is not Rating")]
    [InlineData("""{"data":{"rating":{"grade":"AA-"}}}""", "'data.rating' (at byte 19) is not Rating")]
    [InlineData("""{"data":{"rating":{"grade":"AA-","outlook":null,"since":"2026-03-01"}}}""", "'data.rating' (at byte 19) is not Rating")]
    [InlineData("""{"data":{"rating":{"grade":"AA-","outlook":"stable","since":"2026-03-01"}}""", "the answer is not valid JSON (line 1, byte 75)")]
    [InlineData("""{"data":{"rating":{"grade":"AA-","outlook":"stable","since":"2026-03-01"}}} x""", "the answer is not valid JSON (line 1, byte 77)")]
    [InlineData("<html>", "the answer is HTML, not JSON")]
    [InlineData("", "the answer is empty")]
    public async Task An_answer_of_another_shape_fails_with_what_was_found(string body, string found)
    {
        EnrichmentOutcome<Rating> outcome = await LoadAsync("data.rating", body, AttributeJson.Default.Rating);

        outcome.Status.Should().Be(EnrichmentStatus.Failed);
        outcome.Error!.Kind.Should().Be(EnrichmentErrorKind.UnexpectedAnswer);
        outcome.Error.Message.Should().ContainEquivalentOf(found);
    }

    [Fact]
    public async Task A_typed_client_of_ones_own_gets_an_HttpClient_with_the_policies()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("ACME");
        ServiceCollection services = new();
        services.AddIssuerEnrichment<string>().AddHttpIssuerClient<PlainText>(http => http.ConfigureHttpClient(client => client.BaseAddress = service.BaseAddress));
        await using ServiceProvider provider = services.BuildServiceProvider();

        IEnrichmentRun<string> run = provider.GetRequiredService<IIssuerEnricher<string>>().Stream(["1", "2"]);

        (await run.ToListAsync(Token)).Select(outcome => outcome.Value).Should().Equal("ACME", "ACME");
        run.Report.Requests.Should().Be(2);
    }

    private static async Task<EnrichmentOutcome<T>> LoadAsync<T>(string? path, string body, JsonTypeInfo<T> json)
        where T : notnull
    {
        await using LoopbackService service = await LoopbackService.StartAsync(body);
        ServiceCollection services = new();
        services.AddIssuerEnrichment<T>(options => options.Retry.MaxAttempts = 1).AddHttpIssuerClient(
            options =>
            {
                options.BaseAddress = service.BaseAddress;
                options.AnswerPath = path;
            },
            json);
        await using ServiceProvider provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        return await provider.GetRequiredService<IIssuerEnricher<T>>().Stream(["7"]).SingleAsync(Token);
    }

    private sealed class PlainText(HttpClient http) : IIssuerClient<string>
    {
        public async Task<IssuerAnswer<string>> LoadAsync(string issuerId, CancellationToken cancellationToken) =>
            IssuerAnswer<string>.Found(await http.GetStringAsync(issuerId, cancellationToken));
    }
}
