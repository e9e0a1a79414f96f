using System.Globalization;

namespace EnrichIssuers.Job;

/// <summary>Writes a summary of the run to standard error, in three lines.</summary>
internal static class JobSummary
{
    public static void Write(EnrichmentReport report) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        {report.Inputs:N0} issuers in {report.Elapsed.TotalSeconds:N2} s: {report.Enriched:N0} enriched, {report.NotFound:N0} not found, {report.Invalid:N0} invalid, {report.Failed:N0} failed, {report.NotAttempted:N0} not attempted.
        {report.Requests:N0} requests for {report.Lookups:N0} lookups, including {report.Retries:N0} retries and any hedged requests; sequentially they would have taken {report.SequentialEstimate.TotalSeconds:N2} s.
        Limited by {ReportFile.NameOf(report.LimitedBy)}: {report.Advice}
        """));
}
