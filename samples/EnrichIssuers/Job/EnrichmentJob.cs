using Microsoft.Extensions.DependencyInjection;

namespace EnrichIssuers.Job;

/// <summary>Runs the job, which writes one line for each id.</summary>
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

    // Outputs are opened last, and truncated at the first result, when the journal has been opened, too.
    private static async Task<int> RunAsync(JobSettings settings, CancellationToken stop)
    {
        JobFile.CheckDifferent(
            ("--ids", settings.Ids), ("--file", settings.File), ("--journal", settings.Journal), ("--out", settings.Out), ("--report", settings.Report));
        await using ServiceProvider services = JobServices.Create(settings);
        IIssuerEnricher enricher = services.GetEnricher();

        using IssuerIds ids = await IssuerIds.OpenAsync(settings, stop);
        if (settings.Plan)
            return await JobPlan.ShowAsync(enricher, ids.ReadAsync(), settings, stop);
        if (settings.File is { } gleif)
            await GleifFile.PrepareAsync(gleif, stop);
        using FileStream? file = JobFile.Lock("--file", settings.File);
        using FileStream? journal = JobFile.Lock("--journal", settings.Journal);
        await using Stream? reportFile = settings.Report is { } path ? await JobFile.OpenForWritingAsync("--report", path, stop) : null;
        await using ResultWriter results = new(await JobFile.OpenForWritingAsync("--out", settings.Out, stop));

        EnrichmentReport report = await JobProgress.ShowAsync(settings, progress => EnrichAsync(
            enricher.Stream(ids.ReadAsync(), RunOptions(settings, stop, progress)), results));
        if (reportFile is not null)
            await ReportFile.Of(report).WriteAsync(reportFile);
        JobSummary.Write(report);
        return stop.IsCancellationRequested ? ExitCode.Interrupted
            : report.Enriched + report.NotFound == report.Inputs ? ExitCode.Success
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
            // The flush throws the exception.
        }
        catch (IOException e)
        {
            throw new UsageException($"--ids cannot be read to the end: {e.Message}", e);
        }
        finally
        {
            results.Flush();
        }

        return run.Report;
    }
}
