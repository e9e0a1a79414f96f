using System.Globalization;

namespace EnrichIssuers.Job;

/// <summary>Writes an estimate of the requests and the time of the job to standard output.</summary>
internal static class JobPlan
{
    /// <returns>The <see cref="ExitCode"/>.</returns>
    public static async Task<int> ShowAsync(IIssuerEnricher enricher, IAsyncEnumerable<string?> ids, JobSettings settings, CancellationToken stop)
    {
        try
        {
            EnrichmentRunOptions options = new() { Deadline = settings.Deadline };
            Write(await enricher.PlanAsync(ids, options, settings.TypicalLatency, stop));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e)
        {
            throw new UsageException($"--ids cannot be read to the end: {e.Message}", e);
        }
    }

    private static void Write(EnrichmentPlan plan)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {plan.Inputs:N0} issuers: {plan.Issuers:N0} to look up, {plan.Invalid:N0} invalid, {plan.Duplicates:N0} duplicates, {plan.Known:N0} in the journal.
            {plan.Requests}
            """));
        foreach (PlannedRequests alternative in plan.Alternatives)
            Console.WriteLine($"or {alternative}");
        Console.WriteLine($"Limited by {ReportFile.NameOf(plan.LimitedBy)}: {plan.Advice}");
    }
}
