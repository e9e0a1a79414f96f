using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IssuerEnrichment.Tests.Http;

/// <summary>A real HTTP service on a free port of 127.0.0.1, which answers as a test says.</summary>
internal sealed class LoopbackService : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoopbackService(WebApplication application) => _application = application;

    public Uri BaseAddress => new($"{_application.Urls.Single()}/api/users/");

    /// <summary>The paths asked for, as they came over the wire.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public static async Task<LoopbackService> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        LoopbackService service = new(builder.Build());
        service._application.Run(context =>
        {
            service.Targets.Enqueue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            return answer(context);
        });
        await service._application.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public static Task<LoopbackService> StartAsync(string body, int status = 200) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
