using System.Diagnostics;
using System.Globalization;
using IssuerEnrichment.Tests.Gleif;
using IssuerEnrichment.Tests.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly.Timeout;

namespace IssuerEnrichment.Tests.Hosts;

/// <summary>
/// A host that gives all its HTTP clients resilience and service discovery, as the templates of .NET Aspire do. What retries and times a request there must
/// not do so a second time here: a run takes the requests that it takes in a host without all that. Its times are a tenth of the real ones.
/// </summary>
public sealed class HttpClientDefaultsTests
{
    private const string Good = """{"data":{"isins":["US0378331005"]}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task Bad_issuers_fail_alone(bool? isDefaultFirst)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith('7') ? 500 : 200;
            return context.Response.WriteAsync(Good);
        });

        EnrichmentReport report = await RunAsync(service, issuers: 200, isDefaultFirst);

        report.Should().BeEquivalentTo(new { Enriched = 180, Failed = 20 });
        report.Requests.Should().Be(service.Targets.Count).And.BeLessThan(300);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task An_outage_is_waited_out(bool? isDefaultFirst)
    {
        int asked = 0;
        Stopwatch outage = new();
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) == 200)
                outage.Start();
            context.Response.StatusCode = outage.IsRunning && outage.Elapsed.TotalSeconds < 3.5 ? 503 : 200;
            return context.Response.WriteAsync(Good);
        });

        EnrichmentReport report = await RunAsync(service, issuers: 1_000, isDefaultFirst);

        report.Should().BeEquivalentTo(new { Enriched = 1_000, LimitedBy = RunLimit.Outage });
        service.Targets.Should().HaveCountGreaterThan(1_000).And.HaveCountLessThan(1_100);
    }

    [Fact]
    public async Task Other_clients_of_the_host_keep_its_defaults()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        ServiceCollection services = new();
        AddDefaults(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient other = provider.GetRequiredService<IHttpClientFactory>().CreateClient("other");

        await other.Awaiting(other => other.GetAsync(service.BaseAddress, Token)).Should().ThrowAsync<TimeoutRejectedException>("the host gives up after 3 s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task A_request_may_wait_for_its_pace_longer_than_others_may_take(bool? isDefaultFirst)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);

        EnrichmentReport report = await RunAsync(service, issuers: 24, isDefaultFirst, options => options.RateLimit = RateLimit.PerSecond(4));

        report.Enriched.Should().Be(24);
        service.Targets.Should().HaveCount(24);
    }

    [Fact]
    public async Task Slow_pages_of_gleifs_are_waited_for_and_so_is_its_pre_check()
    {
        string[] leis = [.. Enumerable.Range(1, 8).Select(Entity.LeiOf)];
        GleifData data = new([.. Enumerable.Range(1, 8).Select(i => Entity.Create(i, 3))]);
        await using LoopbackService service = await LoopbackService.StartAsync(async context =>
        {
            await Task.Delay(1_200, context.RequestAborted);
            GleifAnswer answer = data.Ask(context.Request.Path + context.Request.QueryString);
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsync(answer.Body);
        });
        ServiceCollection services = new();
        AddDefaults(services);
        services.AddIssuerEnrichment(options => (options.RateLimit, options.MaxConcurrency) = (null, 8))
            .AddGleifIssuerClient(options => options.BaseAddress = new Uri(service.BaseAddress, "/api/v1/"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        List<EnrichmentOutcome> outcomes = await provider.GetRequiredService<IIssuerEnricher>().Stream(leis).ToListAsync(Token).AsTask().WithTimeout();

        outcomes.Should().OnlyContain(outcome => outcome.Status == EnrichmentStatus.Enriched);
        service.Targets.Should().HaveCount(9);
    }

    [Theory]
    [InlineData("http://issuers/api/users/")]
    [InlineData("https+http://issuers/api/users/")]
    public async Task A_service_is_discovered_by_its_name(string address)
    {
        await using LoopbackService service = await LoopbackService.StartAsync(context =>
        {
            if (context.Request.Path != "/elsewhere")
                context.Response.Redirect("/elsewhere");
            return context.Response.WriteAsync(Good);
        });

        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddHttpIssuerClient(options => options.BaseAddress = new Uri(address));
        AddDefaults(services, service);
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnrichmentOutcome outcome = (await provider.GetRequiredService<IIssuerEnricher>().Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Status.Should().Be(EnrichmentStatus.Enriched, outcome.Error?.Message);
        service.Targets.Should().Equal("/api/users/7", "/elsewhere");
    }

    [Fact]
    public async Task Service_discovery_of_this_client_alone_works_too()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(Good);
        ServiceCollection services = new();
        services.AddSingleton(ConfigurationOf(service));
        services.AddServiceDiscovery();
        services.AddIssuerEnrichment().AddHttpIssuerClient(
            options => options.BaseAddress = new Uri("https+http://issuers/api/users/"), http => http.AddServiceDiscovery());
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnrichmentOutcome outcome = (await provider.GetRequiredService<IIssuerEnricher>().Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Status.Should().Be(EnrichmentStatus.Enriched, outcome.Error?.Message);
    }

    [Fact]
    public async Task Without_service_discovery_its_address_is_rejected_in_a_sentence()
    {
        ServiceCollection services = new();
        services.AddIssuerEnrichment().AddHttpIssuerClient(options => options.BaseAddress = new Uri("https+http://issuers/"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        EnrichmentOutcome outcome = (await provider.GetRequiredService<IIssuerEnricher>().Stream(["7"]).ToListAsync(Token).AsTask().WithTimeout()).Single();

        outcome.Status.Should().Be(EnrichmentStatus.NotAttempted);
        outcome.Error!.Message.Should().Be(
            "The address https+http://issuers needs service discovery, and the HTTP client has none: call AddServiceDiscovery on it.");
    }

    private static async Task<EnrichmentReport> RunAsync(
        LoopbackService service, int issuers, bool? isDefaultFirst, Action<IssuerEnrichmentOptions>? configure = null)
    {
        ServiceCollection services = new();
        if (isDefaultFirst == true)
            AddDefaults(services);
        services.AddIssuerEnrichment(configure).AddHttpIssuerClient(options => options.BaseAddress = service.BaseAddress);
        if (isDefaultFirst == false)
            AddDefaults(services);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>()
            .Stream(Enumerable.Range(0, issuers).Select(id => id.ToString(CultureInfo.InvariantCulture)));
        await run.CountAsync(Token).AsTask().WithTimeout();
        return run.Report;
    }

    private static void AddDefaults(ServiceCollection services, LoopbackService? service = null)
    {
        services.AddSingleton(ConfigurationOf(service));
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(options =>
            {
                options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
                options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(3);
                options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(3);
            });
            http.AddServiceDiscovery();
        });
    }

    private static IConfiguration ConfigurationOf(LoopbackService? service) => new ConfigurationBuilder().AddInMemoryCollection(
        [KeyValuePair.Create<string, string?>("Services:issuers:http:0", service?.BaseAddress.GetLeftPart(UriPartial.Authority))]).Build();
}
