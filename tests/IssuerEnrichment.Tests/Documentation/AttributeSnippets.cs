using System.Text.Json.Serialization;
using IssuerEnrichment.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on attributes.</summary>
public sealed partial class AttributeSnippets : IDisposable
{
    private readonly string _journal = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_journal);

    [Fact]
    public async Task A_rating_is_loaded_for_each_bond_and_kept_in_a_journal()
    {
        await using LoopbackService service = await LoopbackService.StartAsync("""{"data":{"rating":{"grade":"AA-","outlook":"stable","since":"2026-03-01"}}}""");
        Uri serviceAddress = service.BaseAddress;
        string journal = _journal;
        Bond[] bonds = [new("1"), new("2"), new("1")];

        #region attribute-use
        ServiceCollection services = new();
        services.AddIssuerEnrichment<Rating>(o => o.MaxConcurrency = 16)
                .AddHttpIssuerClient(o => { o.BaseAddress = serviceAddress; o.AnswerPath = "data.rating"; }, RatingJson.Default.Rating)
                .UseSqliteJournal(journal);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher<Rating> ratings = provider.GetRequiredService<IIssuerEnricher<Rating>>();

        EnrichmentResult<Rating> result = await ratings.EnrichAsync(bonds, bond => bond.IssuerId, (bond, rating) => bond.Rating = rating);
        #endregion
        List<EnrichmentOutcome<Rating>> again = await ratings.Stream(["1", "2"]).ToListAsync(Token);

        bonds.Select(bond => bond.Rating).Should().AllBeEquivalentTo(new Rating("AA-", "stable", new DateOnly(2026, 3, 1)));
        result.Report.Should().Match<EnrichmentReport>(report => report.Enriched == 3 && report.Requests == 2 && report.IsBalanced);
        again.Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Journal && outcome.Value != null);
    }

    [Fact]
    public async Task A_client_of_ones_own_loads_any_type()
    {
        ServiceCollection services = new();

        #region attribute-register-client
        services.AddIssuerEnrichment<Country>()
                .UseJson(RatingJson.Default.Country)
                .AddIssuerClient<CountryClient>();
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        EnrichmentOutcome<Country> outcome = await provider.GetRequiredService<IIssuerEnricher<Country>>().Stream(["529900T8BM49AURSDO55"]).SingleAsync(Token);

        outcome.Value.Should().Be(new Country("DE"));
    }

    private sealed class Bond(string issuerId)
    {
        public string IssuerId => issuerId;

        public Rating? Rating { get; set; }
    }

    #region attribute-record
    public sealed record Rating(string Grade, string Outlook, DateOnly Since);

    public sealed record Country(string Code);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(Rating))]
    [JsonSerializable(typeof(Country))]
    internal sealed partial class RatingJson : JsonSerializerContext;
    #endregion

    #region attribute-client
    internal sealed class CountryClient : IIssuerClient<Country>
    {
        public Task<IssuerAnswer<Country>> LoadAsync(string issuerId, CancellationToken cancellationToken) => Task.FromResult(
            issuerId.StartsWith("5299", StringComparison.Ordinal) ? IssuerAnswer<Country>.Found(new Country("DE")) : IssuerAnswer<Country>.NotFound);
    }
    #endregion
}
