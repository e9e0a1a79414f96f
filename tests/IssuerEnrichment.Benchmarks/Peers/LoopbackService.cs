using IssuerEnrichment.TestServiceHost;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Is asked over HTTP on loopback and runs in a process of its own.</summary>
internal sealed class LoopbackService : IAskedService
{
    private readonly ServiceProcess _process = ServiceProcess.Start();
    private readonly ServiceProvider _provider;

    public LoopbackService()
    {
        _provider = new ServiceCollection()
            .AddHttpClient("", http => http.BaseAddress = Address)
            .Services
            .BuildServiceProvider();
        Client = new JsonIssuerClient(_provider.GetRequiredService<IHttpClientFactory>().CreateClient());
    }

    public IIssuerClient Client { get; }

    public Uri Address => _process.Address;

    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler();

    public void Register(IIssuerEnrichmentBuilder builder) => builder.AddHttpIssuerClient(options => options.BaseAddress = Address);

    public void Dispose()
    {
        _provider.Dispose();
        _process.Dispose();
    }
}
