using System.Text.Json.Serialization;
using IssuerEnrichment;
using IssuerEnrichment.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

// The example of a document, against the service whose address is the first argument, with every package that belongs to it.
string journal = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid()}.db");
await using NpgsqlDataSource nowhere = new NpgsqlSlimDataSourceBuilder("Host=127.0.0.1;Port=1").Build();

ServiceCollection services = new();
services.AddIssuerEnrichment(o => { o.MaxConcurrency = 8; o.RateLimit = RateLimit.PerSecond(100); })
        .AddHttpIssuerClient(o => o.BaseAddress = new(args[0]))
        .UseSqliteJournal(journal);
services.AddIssuerEnrichment("gleif").AddGleifIssuerClient();
services.AddIssuerEnrichment("unkept").AddGleifIssuerClient().UsePostgresJournal(nowhere);
services.AddIssuerEnrichment<ServiceRecord>()
        .AddHttpIssuerClient(o => { o.BaseAddress = new(args[0]); o.AnswerPath = "data"; }, ConsumerJson.Default.ServiceRecord)
        .UseSqliteJournal(journal);
await using ServiceProvider provider = services.BuildServiceProvider();
IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();

IssuerDocument document = new([new Issuer("1"), new Issuer("2"), new Issuer("3")], ["Sovereign"]);
DocumentEnrichmentResult result = await enricher.EnrichAsync(document);
foreach (EnrichmentOutcome outcome in result.Outcomes)
    Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}, {outcome.Isins?.Count} ISINs, {outcome.Type?.Name}");

// From the journal, without a request.
DocumentEnrichmentResult again = await enricher.EnrichAsync(document);

// A record of our own, over HTTP and then from the journal.
IIssuerEnricher<ServiceRecord> records = provider.GetRequiredService<IIssuerEnricher<ServiceRecord>>();
List<EnrichmentOutcome<ServiceRecord>> loaded = [];
for (int run = 0; run < 2; run++)
{
    await foreach (EnrichmentOutcome<ServiceRecord> outcome in records.Stream(["1"]))
        loaded.Add(outcome);
}

Console.WriteLine(string.Join(", ", loaded.Select(outcome => $"{outcome.Value?.Id} from {outcome.Source}")));
if (loaded is not [{ Value: { Id: "1", Isins: not null }, Source: EnrichmentSource.Service }, { Value: { Id: "1", Isins: not null }, Source: EnrichmentSource.Journal }])
    return 1;

// No LEI, so that nobody is asked.
DocumentEnrichmentResult gleif = await provider.GetRequiredKeyedService<IIssuerEnricher>("gleif").EnrichAsync(new([new Issuer("1")]));

DocumentEnrichmentResult scripted = await IssuerEnricher.Create(new ScriptedIssuerClient((_, _) => IssuerAnswer.NotFound)).EnrichAsync(document);

try
{
    await provider.GetRequiredKeyedService<IIssuerEnricher>("unkept").EnrichAsync(document);
    return 1;
}
catch (EnrichmentJournalException e)
{
    Console.WriteLine(e.Message);
}

return (result.Report, again.Report, gleif.Report, scripted.Report) is
(
    { Enriched: 3, Requests: 3, IsBalanced: true },
    { Enriched: 3, Requests: 0 },
    { Invalid: 1 },
    { NotFound: 3 }
) ? 0 : 1;

internal sealed record ServiceRecord(string Id, IReadOnlyList<string> Isins);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceRecord))]
internal sealed partial class ConsumerJson : JsonSerializerContext;
