using IssuerEnrichment.Tests.Clients;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Tests.Caching;

/// <summary>Which cache a source has, and what is refused.</summary>
public sealed class CacheRegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_cache_the_source_says_what_to_add()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient()).UseCache();
        await using ServiceProvider provider = services.BuildServiceProvider();

        FluentActions.Invoking(() => provider.GetRequiredService<IIssuerEnricher>())
            .Should().Throw<OptionsValidationException>().WithMessage("UseCache needs a HybridCache and none is registered: add one*AddHybridCache*");
    }

    [Fact]
    public async Task A_host_does_not_start_without_a_cache()
    {
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddIssuerEnrichment("bonds").AddIssuerClient(new EchoIssuerClient()).UseCache();
        using IHost built = host.Build();

        await built.Awaiting(host => host.StartAsync(Token)).Should().ThrowAsync<OptionsValidationException>().WithMessage("UseCache needs*");
    }

    [Theory]
    [InlineData(0, 0, "Lifetime is 00:00:00; it must be between 00:00:01 and 365.00:00:00.")]
    [InlineData(366 * 24, 1, "Lifetime is 366.00:00:00; it must be between 00:00:01 and 365.00:00:00.")]
    [InlineData(24, -1, "NegativeLifetime is -01:00:00; it must be between 00:00:00 and 1.00:00:00 (Lifetime).")]
    [InlineData(1, 2, "NegativeLifetime is 02:00:00; it must be between 00:00:00 and 01:00:00 (Lifetime).")]
    public async Task A_lifetime_out_of_range_is_rejected(int hours, int negativeHours, string message)
    {
        await using CachedSource source = new(
            new EchoIssuerClient(),
            options => (options.Lifetime, options.NegativeLifetime) = (TimeSpan.FromHours(hours), TimeSpan.FromHours(negativeHours)));

        await source.Awaiting(source => source.EnrichAsync("1")).Should().ThrowAsync<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public async Task A_source_answers_from_the_cache_only_if_it_was_told_to_and_not_from_another_s()
    {
        ServiceCollection services = new();
        services.AddHybridCache();
        services.AddIssuerEnrichment().AddIssuerClient(new EchoIssuerClient()).UseCache();
        services.AddIssuerEnrichment("bonds").AddIssuerClient(new EchoIssuerClient()).UseCache().UseCache(options => options.Lifetime = TimeSpan.FromHours(2));
        services.AddIssuerEnrichment("none").AddIssuerClient(new EchoIssuerClient());
        await using ServiceProvider provider = services.BuildServiceProvider();
        List<EnrichmentSource> answeredBy = [];

        foreach (string source in new[] { "", "bonds", "none", "none", "bonds", "" })
            answeredBy.Add((await provider.GetRequiredKeyedService<IIssuerEnricher>(source).Stream(["1"]).SingleAsync(Token)).Source);

        answeredBy.Should().Equal(
            EnrichmentSource.Service, EnrichmentSource.Service, EnrichmentSource.Service,
            EnrichmentSource.Service, EnrichmentSource.Cache, EnrichmentSource.Cache);
        provider.GetRequiredService<IOptionsMonitor<CacheOptions>>().Get("bonds").Lifetime.Should().Be(TimeSpan.FromHours(2));
    }
}
