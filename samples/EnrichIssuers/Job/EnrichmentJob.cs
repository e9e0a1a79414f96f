using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace EnrichIssuers.Job;

/// <summary>The job itself: ids in, one line for each of them out, whatever happens.</summary>
internal static class EnrichmentJob
{
    public const int Interrupted = 130;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(JobSettings settings)
    {
        using Interruption interruption = new();
        await using ServiceProvider services = JobServices.Create(settings);
        IIssuerEnricher enricher = services.GetEnricher();

        using IssuerIds ids = await IssuerIds.OpenAsync(settings, interruption.Stop);
        using ResultWriter results = new(JobFile.OpenForWriting("--out", settings.Out));
        await using Stream? reportFile = settings.Report is { } path ? JobFile.OpenForWriting("--report", path) : null;

        try
        {
            EnrichmentReport report = await JobProgress.ShowAsync(settings, progress => EnrichAsync(
                enricher.Stream(ids.ReadAsync(), RunOptions(settings, interruption.Stop, progress)), results));
            if (reportFile is not null)
                await JsonSerializer.SerializeAsync(reportFile, ReportFile.Of(report), JobJson.Default.ReportFile);
            JobSummary.Write(report);
            return interruption.Stop.IsCancellationRequested ? Interrupted
                : report.Enriched + report.NotFound == report.Inputs ? 0
                : 1;
        }
        catch (OutputException e)
        {
            if (!e.IsReaderGone)
                Console.Error.WriteLine($"The results cannot be written to --out: {e.Message}");
            return 1;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            results.Flush();
            throw new UsageException($"--ids cannot be read to its end: {e.Message}", e);
        }
    }

    private static EnrichmentRunOptions RunOptions(JobSettings settings, CancellationToken stop, IProgress<EnrichmentProgress>? progress) => new()
    {
        Ordered = settings.Ordered,
        Deadline = settings.Deadline,
        MarketSectors = settings.Sectors,
        Stop = stop,
        Progress = progress,
    };

    private static async Task<EnrichmentReport> EnrichAsync(IEnrichmentRun run, ResultWriter results)
    {
        await using IAsyncEnumerator<EnrichmentOutcome> outcomes = run.GetAsyncEnumerator();
        while (true)
        {
            ValueTask<bool> next = outcomes.MoveNextAsync();

            // Whoever reads the results sees each of them as soon as there is nothing else to write.
            if (!next.IsCompleted)
                results.Flush();
            if (!await next)
                break;
            results.Write(ResultLine.Of(outcomes.Current));
        }

        results.Flush();
        return run.Report;
    }
}
