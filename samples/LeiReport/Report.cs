using System.Globalization;
using CsvHelper;
using Microsoft.Extensions.DependencyInjection;

namespace LeiReport;

/// <summary>Reads LEIs, asks GLEIF, and writes a line for each of them in their order, as the answers come.</summary>
internal static class Report
{
    /// <returns>0 where GLEIF answered for each, otherwise 1.</returns>
    public static async Task<int> WriteAsync(FileInfo input, FileInfo output, Uri? service, RateLimit? rate, CancellationToken stop)
    {
        ServiceCollection services = new();
        services
            .AddIssuerEnrichment(options => options.RateLimit = rate ?? options.RateLimit)
            .AddGleifIssuerClient(options => options.BaseAddress = service ?? options.BaseAddress)
            .UseGleifIssuerTypes();
        await using ServiceProvider provider = services.BuildServiceProvider();

        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(
            Leis(input), new EnrichmentRunOptions { Ordered = true, Stop = stop, Progress = new ProgressLine() });
        await using (CsvWriter csv = new(output.CreateText(), CultureInfo.InvariantCulture))
        {
            csv.WriteHeader<ReportRow>();
            await csv.NextRecordAsync();
            await foreach (EnrichmentOutcome outcome in run)
            {
                csv.WriteRecord(ReportRow.Of(outcome));
                await csv.NextRecordAsync();
            }
        }

        EnrichmentReport report = run.Report;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Inputs:N0} LEIs by {report.Requests:N0} requests in {report.Elapsed.TotalSeconds:N1} s: {report.Enriched:N0} enriched, {report.NotFound:N0} not found, {report.Invalid:N0} invalid, {report.Failed:N0} failed, {report.NotAttempted:N0} not attempted."));
        return report.Enriched + report.NotFound == report.Inputs ? 0 : 1;
    }

    private static IEnumerable<string?> Leis(FileInfo input)
    {
        using CsvReader csv = new(input.OpenText(), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
            yield return csv.GetField("lei");
    }
}
