using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnrichIssuers.Demo;

/// <summary>A slow issuer service on a free loopback port, so that the demonstration has no prerequisites.</summary>
internal sealed class DemoService : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requestsForBusyIssuer;

    private DemoService(WebApplication application) => _application = application;

    public Uri BaseAddress => new($"{_application.Urls.Single()}/issuers/");

    public static async Task<DemoService> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        DemoService service = new(builder.Build());
        service._application.MapGet("/issuers/{id:int}", context => service.AnswerAsync(context));
        await service._application.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        int issuer = int.Parse((string)context.Request.RouteValues["id"]!, provider: null);
        await Task.Delay(DemoAnswers.LatencyOf(issuer), context.RequestAborted);
        if (issuer == DemoAnswers.BrokenIssuer)
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        else if (issuer == DemoAnswers.BusyIssuer && Interlocked.Increment(ref _requestsForBusyIssuer) % 2 == 1)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        else
            await context.Response.WriteAsJsonAsync(DemoAnswers.Of(issuer), DemoAnswers.Json.Default.Answer);
    }

    /// <summary>Ignores Ctrl+C, because the demonstration handles it and needs the service until the end.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
