#region quick-start
using IssuerEnrichment;
using Microsoft.Extensions.DependencyInjection;
#endregion
using System.Net;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The first code of the front page: a whole program, whose address leads to a service of the test's by way of the process's proxy.</summary>
[Collection(nameof(NonParallelTests))]
public sealed class QuickStartSnippets
{
    private int _requestsForTwo;

    private StringWriter Console { get; } = new();

    [Fact]
    public async Task The_first_program_prints_what_the_page_shows()
    {
        await using LoopbackService service = await LoopbackService.StartAsync(AnswerAsync);
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new OneHostProxy("issuers.example", service.BaseAddress, before);
        try
        {
            await RunAsync();
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        Console.ToString().ReplaceLineEndings("\n").TrimEnd().Should().Be(CodeBlock.Named("output: quick-start"));
    }

    private async Task RunAsync()
    {
        #region quick-start
        ServiceCollection services = new();
        services.AddIssuerEnrichment(o => o.RateLimit = RateLimit.PerSecond(100))
                .AddHttpIssuerClient(o => o.BaseAddress = new Uri("http://issuers.example/api/"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(["1", "2", "3", "4", " ", "1"], new() { Ordered = true });
        await foreach (EnrichmentOutcome outcome in run)
            Console.WriteLine($"{outcome} ({outcome.Attempts} attempts)");
        Console.WriteLine($"{run.Report.Inputs} inputs, {run.Report.Enriched} enriched, {run.Report.Requests} requests");
        #endregion
    }

    private Task AnswerAsync(HttpContext context)
    {
        string id = context.Request.Path.Value!.Split('/')[^1];
        context.Response.StatusCode = id switch
        {
            "2" when Interlocked.Increment(ref _requestsForTwo) == 1 => 503,
            "3" => 404,
            "4" => 410,
            _ => 200,
        };
        return context.Response.WriteAsJsonAsync(new { data = new { isins = IssuerTestService.IsinsOf(id) } });
    }

    /// <summary>Takes the requests to one host to another; all others go as before.</summary>
    private sealed class OneHostProxy(string host, Uri destination, IWebProxy others) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri address) => address.Host == host ? destination : others.GetProxy(address);

        public bool IsBypassed(Uri address) => address.Host != host && others.IsBypassed(address);
    }
}
