namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Is asked without a network, so that what is measured is the peer.</summary>
internal sealed class InMemoryService(IIssuerClient client) : IAskedService
{
    public IIssuerClient Client => client;

    public Uri Address { get; } = new("http://in-memory/");

    public HttpMessageHandler CreateHandler() => new InMemoryHandler(client);

    public void Register(IIssuerEnrichmentBuilder builder) => builder.AddIssuerClient(client);

    public void Dispose()
    {
    }
}
