using System.Text.Json;

namespace EnrichIssuers.Job;

/// <summary>The JSON form of the run's report. Times are in seconds.</summary>
internal sealed record ReportFile(
    long Inputs,
    long Enriched,
    long NotFound,
    long Invalid,
    long Failed,
    long NotAttempted,
    long Lookups,
    long Requests,
    long Retries,
    double Seconds,
    double SequentialSeconds,
    string LimitedBy,
    ReportTime Time)
{
    public static ReportFile Of(EnrichmentReport report) => new(
        report.Inputs,
        report.Enriched,
        report.NotFound,
        report.Invalid,
        report.Failed,
        report.NotAttempted,
        report.Lookups,
        report.Requests,
        report.Retries,
        SecondsOf(report.Elapsed),
        SecondsOf(report.SequentialEstimate),
        NameOf(report.LimitedBy),
        new ReportTime(
            SecondsOf(report.Time.Queued),
            SecondsOf(report.Time.Gate),
            SecondsOf(report.Time.Paced),
            SecondsOf(report.Time.Backoff),
            SecondsOf(report.Time.OnTheWire)));

    /// <exception cref="OutputException">The report cannot be written.</exception>
    public async Task WriteAsync(Stream stream)
    {
        try
        {
            JobFile.Truncate(stream);
            await JsonSerializer.SerializeAsync(stream, this, JobJson.Default.ReportFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException("--report", e);
        }
    }

    public static string NameOf(RunLimit limit) => limit.ToString().ToLowerInvariant();

    private static double SecondsOf(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
