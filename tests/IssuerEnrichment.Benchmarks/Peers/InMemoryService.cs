namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Is asked without a network, so that what is measured is the peer.</summary>
internal sealed class InMemoryService : IAskedService
{
    public IIssuerClient Client { get; } = new InMemoryClient(isAsync: true);

    public Uri Address { get; } = new("http://in-memory/");

    public HttpMessageHandler CreateHandler() => new InMemoryHandler();

    public void Register(IIssuerEnrichmentBuilder builder) => builder.AddIssuerClient(Client);

    public void Dispose()
    {
    }
}
