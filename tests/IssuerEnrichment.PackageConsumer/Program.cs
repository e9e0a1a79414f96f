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
await using ServiceProvider provider = services.BuildServiceProvider();
IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();

IssuerDocument document = new([new Issuer("1"), new Issuer("2"), new Issuer("3")], ["Sovereign"]);
DocumentEnrichmentResult result = await enricher.EnrichAsync(document);
foreach (EnrichmentOutcome outcome in result.Outcomes)
    Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}, {outcome.Isins?.Count} ISINs, {outcome.Type?.Name}");

// From the journal, without a request.
DocumentEnrichmentResult again = await enricher.EnrichAsync(document);

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
