using IssuerEnrichment.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The code of the page on the cache.</summary>
public sealed class CacheSnippets
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_is_not_asked_again_until_it_is_thrown_away()
    {
        await using IssuerTestService service = await IssuerTestService.StartAsync(new IssuerServiceScript(), Token);
        Uri serviceAddress = service.BaseAddress;
        ServiceCollection services = new();

        #region use-cache
        services.AddHybridCache();
        services.AddIssuerEnrichment(o => o.MaxConcurrency = 8)
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress)
                .UseCache(o => { o.Lifetime = TimeSpan.FromHours(6); o.NegativeLifetime = TimeSpan.FromMinutes(10); });
        #endregion

        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();
        await enricher.Stream(["1", "2"]).CountAsync(Token);
        (await enricher.Stream(["1", "2"]).ToListAsync(Token)).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Cache);

        HybridCache cache = provider.GetRequiredService<HybridCache>();
        CancellationToken cancellationToken = Token;

        #region throw-away
        await cache.RemoveByTagAsync("IssuerEnrichment", cancellationToken);
        #endregion

        (await enricher.Stream(["1", "2"]).ToListAsync(Token)).Should().OnlyContain(outcome => outcome.Source == EnrichmentSource.Service);
        service.Statistics.Requests.Should().Be(4);
    }
}
