using Microsoft.Extensions.DependencyInjection;

namespace EnrichIssuers.Job;

/// <summary>The job itself: ids in, one line for each of them out, whatever happens.</summary>
internal static class EnrichmentJob
{
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(JobSettings settings)
    {
        using Interruption interruption = new();
        try
        {
            return await RunAsync(settings, interruption.Stop);
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    // An output is opened when all else has been, and emptied with the first result, which comes when the journal is open too.
    private static async Task<int> RunAsync(JobSettings settings, CancellationToken stop)
    {
        JobFile.DemandDifferent(
            ("--ids", settings.Ids), ("--file", settings.File), ("--journal", settings.Journal), ("--out", settings.Out), ("--report", settings.Report));
        await using ServiceProvider services = JobServices.Create(settings);
        IIssuerEnricher enricher = services.GetEnricher();

        using IssuerIds ids = await IssuerIds.OpenAsync(settings, stop);
        if (settings.Plan)
            return await JobPlan.ShowAsync(enricher, ids.ReadAsync(), settings, stop);
        if (settings.File is { } gleif)
            await GleifFile.PrepareAsync(gleif, stop);
        using FileStream? file = JobFile.Hold("--file", settings.File);
        using FileStream? journal = JobFile.Hold("--journal", settings.Journal);
        await using Stream? reportFile = settings.Report is { } path ? await JobFile.OpenForWritingAsync("--report", path, stop) : null;
        await using ResultWriter results = new(await JobFile.OpenForWritingAsync("--out", settings.Out, stop));

        EnrichmentReport report = await JobProgress.ShowAsync(settings, progress => EnrichAsync(
            enricher.Stream(ids.ReadAsync(), RunOptions(settings, stop, progress)), results));
        if (reportFile is not null)
            await ReportFile.Of(report).WriteAsync(reportFile);
        JobSummary.Write(report);
        return stop.IsCancellationRequested ? ExitCode.Interrupted
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
        Journal = new JournalOptions { RetryFailed = settings.RetryFailed },
    };

    private static async Task<EnrichmentReport> EnrichAsync(IEnrichmentRun run, ResultWriter results)
    {
        try
        {
            await foreach (EnrichmentOutcome outcome in run.WithCancellation(results.Broken))
            {
                if (outcome.Error is { Kind: EnrichmentErrorKind.SourceUnusable } error)
                    throw new UsageException(error.Message);
                results.Write(outcome);
            }

            results.Complete();
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
