using IssuerEnrichment.Tests.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Tests.Attributes;

/// <summary>Journals and caches of sources that load an attribute other than ISINs.</summary>
public sealed class StoredAttributeTests : IDisposable
{
    private static readonly Rating Good = new("AA-", "stable", new DateOnly(2026, 3, 1));

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.db");
    private readonly ScriptedAttributeClient<Rating> _client = new(id => id == "unknown" ? IssuerAnswer<Rating>.NotFound : IssuerAnswer<Rating>.Found(Good));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_second_run_finds_the_values_in_the_journal()
    {
        List<EnrichmentOutcome<Rating>> first = await RunAsync(_path);
        List<EnrichmentOutcome<Rating>> second = await RunAsync(_path);

        _client.Asked.Should().Equal("1", "unknown");
        first[0].Source.Should().Be(EnrichmentSource.Service);
        second.Select(outcome => (outcome.Status, outcome.Value, outcome.Source)).Should().Equal(
            (EnrichmentStatus.Enriched, Good, EnrichmentSource.Journal),
            (EnrichmentStatus.NotFound, (Rating?)null, EnrichmentSource.Journal));
    }

    [Fact]
    public async Task Attributes_do_not_mix_in_one_journal()
    {
        await RunAsync(_path);
        ScriptedAttributeClient<string> names = new(id => IssuerAnswer<string>.Found($"Issuer {id}"));
        ServiceCollection services = new();
        services.AddIssuerEnrichment<string>("Rating").UseJson(AttributeJson.Default.String).AddIssuerClient(names).UseSqliteJournal(_path);
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnrichmentOutcome<string> outcome = await provider.GetRequiredKeyedService<IIssuerEnricher<string>>("Rating").Stream(["1"]).SingleAsync(Token);

        outcome.Value.Should().Be("Issuer 1");
    }

    [Fact]
    public async Task A_recorded_value_of_another_shape_ends_the_run_with_a_sentence()
    {
        SqliteEnrichmentJournal journal = new(_path);
        using (IssuerEnricher<Rating> before = IssuerEnricher.Create((IIssuerClient<Rating>)_client, journal: journal, json: AttributeJson.Default.Rating))
            await before.Stream(["1"]).ToListAsync(Token);
        await using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={_path}"))
        {
            await connection.OpenAsync(Token);
            await using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = """UPDATE outcome SET answer = '{"grade":"AA-"}'""";
            await command.ExecuteNonQueryAsync(Token);
        }

        using IssuerEnricher<Rating> after = IssuerEnricher.Create((IIssuerClient<Rating>)_client, journal: journal, json: AttributeJson.Default.Rating);

        (await after.Awaiting(enricher => enricher.Stream(["1"]).ToListAsync(Token).AsTask()).Should().ThrowAsync<EnrichmentJournalException>())
            .WithMessage("The answer for '1' in the journal is not JSON of Rating; use another journal, or another name for the run.");
    }

    [Fact]
    public async Task A_cache_shares_values_within_a_process_and_beyond()
    {
        OutsideCache outside = new();
        List<EnrichmentOutcome<Rating>> outcomes = [.. await CachedAsync(outside, runs: 2), .. await CachedAsync(outside, runs: 1)];

        _client.Asked.Should().Equal("1");
        outcomes.Select(outcome => outcome.Value).Should().Equal(Good, Good, Good);
        outcomes.Select(outcome => outcome.Source).Should().Equal(EnrichmentSource.Service, EnrichmentSource.Cache, EnrichmentSource.Cache);
    }

    [Fact]
    public void A_journal_or_cache_needs_the_JSON_of_the_attribute()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment<Rating>().AddIssuerClient(_client).UseSqliteJournal(_path);
        using ServiceProvider provider = services.BuildServiceProvider();

        provider.Invoking(provider => provider.GetRequiredService<IIssuerEnricher<Rating>>()).Should().Throw<OptionsValidationException>().WithMessage(
            "Source 'Rating': A journal or cache of the source 'Rating' stores Rating as JSON: add its JsonTypeInfo with UseJson.");
        FluentActions.Invoking(() => IssuerEnricher.Create((IIssuerClient<Rating>)_client, journal: new SqliteEnrichmentJournal(_path)))
            .Should().Throw<ArgumentException>().WithMessage("A journal stores Rating as JSON; pass its JsonTypeInfo as json.*");
    }

    [Fact]
    public void A_client_for_another_attribute_is_an_error()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment<Rating>();
        services.AddIssuerEnrichment<string>("Rating").AddIssuerClient(new ScriptedAttributeClient<string>(IssuerAnswer<string>.Found));
        using ServiceProvider provider = services.BuildServiceProvider();

        provider.Invoking(provider => provider.GetRequiredService<IIssuerEnricher<Rating>>()).Should().Throw<OptionsValidationException>()
            .WithMessage("*loads String, but the source 'Rating' loads Rating.*");
    }

    private async Task<List<EnrichmentOutcome<Rating>>> RunAsync(string path)
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment<Rating>().UseJson(AttributeJson.Default.Rating).AddIssuerClient(_client).UseSqliteJournal(path);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<IIssuerEnricher<Rating>>()
            .Stream(["1", "unknown"], new() { Ordered = true, Strategy = EnrichmentStrategyName.Sequential }).ToListAsync(Token);
    }

    private async Task<List<EnrichmentOutcome<Rating>>> CachedAsync(IDistributedCache outside, int runs)
    {
        ServiceCollection services = new();
        services.AddSingleton(outside);
        services.AddHybridCache();
        services.AddIssuerEnrichment<Rating>().UseJson(AttributeJson.Default.Rating).AddIssuerClient(_client).UseCache();
        await using ServiceProvider provider = services.BuildServiceProvider();
        List<EnrichmentOutcome<Rating>> outcomes = [];
        for (int run = 0; run < runs; run++)
            outcomes.Add(await provider.GetRequiredService<IIssuerEnricher<Rating>>().Stream(["1"]).SingleAsync(Token));
        return outcomes;
    }
}
