using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.Tests.Testing;

/// <summary>A service and a client for it, with a timeout for every request.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private RunningService(IssuerTestService service)
    {
        Service = service;
        Client = new() { BaseAddress = service.BaseAddress, Timeout = TimeSpan.FromSeconds(10) };
    }

    public IssuerTestService Service { get; }

    public HttpClient Client { get; }

    public static Task<RunningService> StartAsync(params Fault[] faults) => StartAsync(new IssuerServiceScript { Faults = faults });

    public static async Task<RunningService> StartAsync(IssuerServiceScript script) =>
        new(await IssuerTestService.StartAsync(script, TestContext.Current.CancellationToken));

    public Task<HttpResponseMessage> GetAsync(string id) =>
        Client.GetAsync(new Uri(Uri.EscapeDataString(id), UriKind.Relative), TestContext.Current.CancellationToken);

    public async Task<int> StatusAsync(string id)
    {
        using HttpResponseMessage response = await GetAsync(id);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Service.DisposeAsync();
    }
}
