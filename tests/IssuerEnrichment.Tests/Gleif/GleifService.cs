using IssuerEnrichment.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>A GLEIF on loopback, and an enricher that asks it.</summary>
internal sealed class GleifService : IAsyncDisposable
{
    private readonly LoopbackService _service;
    private readonly ServiceProvider _provider;

    private GleifService(LoopbackService service, ServiceProvider provider)
    {
        _service = service;
        _provider = provider;
    }

    public IIssuerEnricher Enricher => _provider.GetRequiredService<IIssuerEnricher>();

    /// <summary>The headers of the last request.</summary>
    public IHeaderDictionary Headers { get; private set; } = new HeaderDictionary();

    public static async Task<GleifService> StartAsync(
        GleifData data,
        Action<GleifOptions>? configure = null,
        Action<IssuerEnrichmentOptions>? configureSource = null,
        Action<IIssuerEnrichmentBuilder>? extend = null)
    {
        GleifService? started = null;
        LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            started!.Headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            return AnswerAsync(data, context);
        });
        ServiceCollection services = new();
        IIssuerEnrichmentBuilder builder = services.AddIssuerEnrichment(options =>
        {
            options.RateLimit = null;
            configureSource?.Invoke(options);
        }).AddGleifIssuerClient(options =>
        {
            options.BaseAddress = new Uri(service.BaseAddress, "/api/v1");
            configure?.Invoke(options);
        });
        extend?.Invoke(builder);
        return started = new GleifService(service, services.BuildServiceProvider());
    }

    /// <summary>Answers a request as the data do.</summary>
    public static Task AnswerAsync(GleifData data, HttpContext context)
    {
        GleifAnswer answer = data.Ask(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        if (answer.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = wait;
        return context.Response.WriteAsync(answer.Body);
    }

    public async Task<EnrichmentOutcome> AskAsync(string lei) => (await AskAsync([lei])).Outcomes.Single();

    public async Task<(List<EnrichmentOutcome> Outcomes, EnrichmentReport Report)> AskAsync(params IEnumerable<string> leis)
    {
        IEnrichmentRun run = Enricher.Stream(leis, new EnrichmentRunOptions { Ordered = true });
        List<EnrichmentOutcome> outcomes = await run.ToListAsync(TestContext.Current.CancellationToken).AsTask().WithTimeout();
        return (outcomes, run.Report);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _service.DisposeAsync();
    }
}
