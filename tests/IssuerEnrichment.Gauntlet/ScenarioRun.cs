using System.Net.Http.Json;
using IssuerEnrichment.TestServiceHost;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Runs a scenario once: a service in a fresh process, the library in another.</summary>
internal static class ScenarioRun
{
    public static async Task<Measurement> RunAsync(Scenario scenario, bool logs, CancellationToken cancellationToken)
    {
        using ServiceProcess service = ServiceProcess.Start(scenario.Service);
        using HttpClient http = new() { BaseAddress = service.Address };
        await WarmUpAsync(http, cancellationToken);
        RunResult run = await LibraryProcess.RunAsync(scenario.Plan with { Service = service.Address, Logs = logs }, cancellationToken);
        ServiceStatistics? statistics = await http.GetFromJsonAsync<ServiceStatistics>("/stats", cancellationToken);
        return new Measurement(scenario, run, statistics!);
    }

    // A real service has been running for a while, so only the client's cold start is measured. Failures and timeouts do not matter here.
    private static async Task WarmUpAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            for (int n = 0; n < 20; n++)
                await AskAsync(http, enough.Token);
        }));
        cancellationToken.ThrowIfCancellationRequested();
        using HttpResponseMessage reset = await http.PostAsync(new Uri("/stats/reset", UriKind.Relative), null, cancellationToken);
        reset.EnsureSuccessStatusCode();
    }

    private static async Task AskAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("warm-up", UriKind.Relative), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
        }
    }
}
