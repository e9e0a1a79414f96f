using Microsoft.Extensions.DependencyInjection;

namespace EnrichIssuers.Job;

/// <summary>The job itself: ids in, one line for each of them out, whatever happens.</summary>
internal static class EnrichmentJob
{
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(JobSettings settings)
    {
        using Interruption interruption = new();
        await using ServiceProvider services = JobServices.Create(settings);
        IIssuerEnricher enricher = services.GetEnricher();

        using IssuerIds ids = await IssuerIds.OpenAsync(settings, interruption.Stop);
        if (settings.Plan)
            return await JobPlan.ShowAsync(enricher, ids.ReadAsync(), settings, interruption.Stop);
        await using Stream? reportFile = settings.Report is { } path ? JobFile.OpenForWriting("--report", path) : null;
        await using ResultWriter results = new(JobFile.OpenForWriting("--out", settings.Out));

        EnrichmentReport report = await JobProgress.ShowAsync(settings, progress => EnrichAsync(
            enricher.Stream(ids.ReadAsync(), RunOptions(settings, interruption.Stop, progress)), results));
        if (reportFile is not null)
            await ReportFile.Of(report).WriteAsync(reportFile);
        JobSummary.Write(report);
        return interruption.Stop.IsCancellationRequested ? ExitCode.Interrupted
            : report.Enriched + report.NotFound == report.Inputs ? ExitCode.AllWell
            : ExitCode.SomeMissing;
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
        try
        {
            await foreach (EnrichmentOutcome outcome in run.WithCancellation(results.Broken))
                results.Write(outcome);
        }
        catch (OperationCanceledException) when (results.Broken.IsCancellationRequested)
        {
            // What broke the results is thrown by the flush.
        }
        catch (IOException e)
        {
            throw new UsageException($"--ids cannot be read to its end: {e.Message}", e);
        }
        finally
        {
            results.Flush();
        }

        return run.Report;
    }
}
