using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Enriches one document with each strategy in turn, using its own slow service, and compares them.</summary>
internal static class Demonstration
{
    private static readonly string[] Strategies = [EnrichmentStrategyName.Sequential, EnrichmentStrategyName.ThreadPool, EnrichmentStrategyName.Async];

    /// <returns>The <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync()
    {
        using Interruption interruption = new();
        IAnsiConsole console = DemoConsole.Create();
        IssuerDocument document = new([.. Enumerable.Range(1, 11).Select(id => new Issuer(id.ToString(CultureInfo.InvariantCulture)))], ["Sovereign"]);
        await using DemoService service = await DemoService.StartAsync();
        await using ServiceProvider services = Register(service.BaseAddress);

        console.WriteLine($"Loading the ISINs of {document.Issuers.Count} issuers from a service with a latency of 0.4 to 1 s.");
        console.WriteLine($"All requests for issuer {DemoAnswers.BrokenIssuer} fail. The first request for issuer {DemoAnswers.BusyIssuer} is answered with 503.");
        console.WriteLine();

        List<StrategyRun> runs = [];
        await DemoProgress.ShowAsync(console, document.Issuers.Count, async progressOf =>
        {
            foreach (string strategy in Strategies.TakeWhile(_ => !interruption.Stop.IsCancellationRequested))
            {
                EnrichmentRunOptions options = new() { Strategy = strategy, Progress = progressOf(strategy), Stop = interruption.Stop };
                runs.Add(await RunAsync(services, document, options));
            }
        });
        if (interruption.Stop.IsCancellationRequested)
            return ExitCode.Interrupted;

        DemoReport.Write(console, runs);
        return ExitCode.Success;
    }

    private static ServiceProvider Register(Uri serviceAddress)
    {
        ServiceCollection services = new();
        services.AddSingleton<RequestLog>();
        services.AddTransient<RequestRecorder>();
        services
            .AddIssuerEnrichment(options =>
            {
                options.MaxConcurrency = 8;
                options.Retry.MaxAttempts = 3;
            })
            .AddHttpIssuerClient(options => options.BaseAddress = serviceAddress, http => http.AddHttpMessageHandler<RequestRecorder>());
        return services.BuildServiceProvider();
    }

    private static async Task<StrategyRun> RunAsync(ServiceProvider services, IssuerDocument document, EnrichmentRunOptions options)
    {
        RequestLog log = services.GetRequiredService<RequestLog>();
        log.Begin();
        DocumentEnrichmentResult result = await services.GetRequiredService<IIssuerEnricher>().EnrichAsync(document, options);
        return new StrategyRun(options.Strategy!, result, log.Requests);
    }
}
