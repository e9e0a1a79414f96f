using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Registration;

/// <summary>A source registered as a user would, and the container that it comes from.</summary>
internal sealed class Source : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private Source(ServiceProvider provider)
    {
        _provider = provider;
        Enricher = provider.GetRequiredService<IIssuerEnricher>();
    }

    public IIssuerEnricher Enricher { get; }

    /// <summary>Builds a container with one source, on the system's clock unless the test brings one.</summary>
    public static Source Of(
        Action<IIssuerEnrichmentBuilder> build, Action<IssuerEnrichmentOptions>? configure = null, TimeProvider? clock = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(clock ?? TimeProvider.System);
        build(services.AddIssuerEnrichment(configure));
        return new Source(services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
    }

    public static Source Of(IIssuerClient client, Action<IssuerEnrichmentOptions>? configure = null, TimeProvider? clock = null) =>
        Of(builder => builder.AddIssuerClient(client), configure, clock);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
