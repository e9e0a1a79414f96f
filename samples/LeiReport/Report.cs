using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeiReport;

/// <summary>Reads LEIs, looks them up at GLEIF, and writes a line for each of them in input order.</summary>
internal static class Report
{
    // Spreadsheets would treat a name that starts with '=' as a formula, so it is escaped. Column names ignore case.
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        InjectionOptions = InjectionOptions.Escape,
        PrepareHeaderForMatch = header => header.Header.Trim().ToLowerInvariant(),
    };

    /// <returns>0 if GLEIF answered for all LEIs; otherwise 1.</returns>
    /// <exception cref="UsageException">A file cannot be used.</exception>
    public static async Task<int> WriteAsync(string input, string output, Uri? service, RateLimit? rate, CancellationToken stop)
    {
        ServiceCollection services = new();
        services
            .AddIssuerEnrichment(options => options.RateLimit = rate ?? options.RateLimit)
            .AddGleifIssuerClient(options => options.BaseAddress = service ?? options.BaseAddress)
            .UseGleifIssuerTypes();
        await using ServiceProvider provider = services.BuildServiceProvider();

        // The input is opened first. Its lock prevents opening the same file as the output, even under another name.
        using CsvReader leis = OpenInput(input);
        IEnrichmentRun run = provider.GetRequiredService<IIssuerEnricher>().Stream(
            Read(leis, input), new EnrichmentRunOptions { Ordered = true, Stop = stop, Progress = new ProgressLine() });
        await using (CsvWriter csv = OpenOutput(output))
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
            $"{report.Inputs:N0} LEIs with {report.Requests:N0} requests in {report.Elapsed.TotalSeconds:N1} s: {report.Enriched:N0} enriched, {report.NotFound:N0} not found, {report.Invalid:N0} invalid, {report.Failed:N0} failed, {report.NotAttempted:N0} not attempted."));
        return report.Enriched + report.NotFound == report.Inputs ? 0 : 1;
    }

    private static CsvReader OpenInput(string path)
    {
        CsvReader csv = new(new StreamReader(Open(path, FileMode.Open, FileAccess.Read, FileShare.Read)), Format);
        if (!csv.Read() || !csv.ReadHeader())
            throw new UsageException($"{path} is empty; a CSV file starts with a header line.");
        if (csv.GetFieldIndex("lei", isTryGet: true) < 0)
            throw new UsageException($"{path} has no column 'lei', or its columns are not separated by commas.");
        return csv;
    }

    private static CsvWriter OpenOutput(string path)
    {
        FileStream file = Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        if (file.CanSeek && file.Length > 0)
            file.SetLength(0);
        return new CsvWriter(new StreamWriter(file), Format);
    }

    // A row that is too short has no LEI, and its outcome reports that.
    private static IEnumerable<string?> Read(CsvReader csv, string path)
    {
        while (Move(csv, path))
            yield return csv.TryGetField("lei", out string? lei) ? lei : null;
    }

    private static bool Move(CsvReader csv, string path)
    {
        try
        {
            // Reads all fields, because a wrong quote is found only in a field that is read.
            return csv.Read() && csv.Parser.Record is not null;
        }
        catch (BadDataException e)
        {
            throw new UsageException($"{path}, line {csv.Parser.RawRow}: a quote is inside an unquoted field, or is not closed.", e);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path} cannot be opened: {e.Message}", e);
        }
    }
}
