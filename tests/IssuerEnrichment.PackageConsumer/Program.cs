using IssuerEnrichment;
using Microsoft.Extensions.DependencyInjection;

// The README's first example, against the service whose address is the first argument.
ServiceCollection services = new();
services.AddIssuerEnrichment(o => { o.MaxConcurrency = 8; o.RateLimit = RateLimit.PerSecond(100); })
        .AddHttpIssuerClient(o => o.BaseAddress = new(args[0]));
await using ServiceProvider provider = services.BuildServiceProvider();

IssuerDocument document = new([new Issuer("1"), new Issuer("2"), new Issuer("3")], ["Sovereign"]);
DocumentEnrichmentResult result = await provider.GetRequiredService<IIssuerEnricher>().EnrichAsync(document);

foreach (EnrichmentOutcome outcome in result.Outcomes)
    Console.WriteLine($"{outcome.IssuerId}: {outcome.Status}, {outcome.Isins?.Count} ISINs, {outcome.Type?.Name}");
return result.Report is { Enriched: 3, IsBalanced: true } ? 0 : 1;
