using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>The library's <c>async</c> strategy, all options but the concurrency left as they are.</summary>
internal sealed class IssuerEnrichmentPeer : IPeer
{
    private ServiceProvider _provider = null!;
    private IIssuerEnricher _enricher = null!;

    public string Name => "IssuerEnrichment, async";

    public void Prepare(IAskedService service, int atOnce)
    {
        ServiceCollection services = new();
        service.Register(services.AddIssuerEnrichment(options =>
        {
            options.MaxConcurrency = atOnce;
            options.Strategy = EnrichmentStrategyName.Async;
        }));
        _provider = services.BuildServiceProvider();
        _enricher = _provider.GetRequiredService<IIssuerEnricher>();
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RunAsync(IIssuerClient client, string[] issuerIds, int atOnce)
    {
        Dictionary<string, IReadOnlyList<string>> isins = [];
        await foreach (EnrichmentOutcome outcome in _enricher.Stream(issuerIds))
        {
            if (outcome.Status == EnrichmentStatus.Enriched)
                isins.Add(outcome.IssuerId!, outcome.Isins!);
        }

        return isins;
    }

    public void Dispose() => _provider.Dispose();
}
