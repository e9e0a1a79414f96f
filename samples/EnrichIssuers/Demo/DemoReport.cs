using System.Globalization;
using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Writes the results, a timeline of the requests, and a comparison of the strategies.</summary>
internal static class DemoReport
{
    public static void Write(IAnsiConsole console, IReadOnlyList<StrategyRun> runs)
    {
        console.WriteLine();
        console.Write(Issuers(runs[^1].Result));
        console.WriteLine();
        console.Write(new Timeline(runs, console.Profile).ToTable());
        console.WriteLine();
        console.Write(Comparison(runs));
        console.WriteLine(
            "Lookups at once: the highest number of concurrent requests. Threads used: those that started requests. A strategy's own threads block "
            + "until the answer arrives; threads of the shared pool do other work meanwhile.");
        console.WriteLine();
        console.WriteLine(
            "Choose async by default, thread-pool if the client or the calling code blocks, and sequential for debugging.");
    }

    private static Table Issuers(DocumentEnrichmentResult result)
    {
        Table table = NewTable("Results", "Issuer", "Type", "ISINs", "Attempts", "Error");
        foreach ((Issuer issuer, EnrichmentOutcome outcome) in result.Document.Issuers.Zip(result.Outcomes))
        {
            table.AddRow(
                new Text(issuer.Id!),
                new Text(issuer.Type?.Name ?? "-"),
                new Text(issuer.Isins switch { null => "-", [] => "none", var isins => string.Join(", ", isins) }),
                new Text(outcome.Attempts.ToString(CultureInfo.InvariantCulture)),
                new Text(outcome.Error?.Message ?? "", Color.Red));
        }

        return table;
    }

    private static Table Comparison(IReadOnlyList<StrategyRun> runs)
    {
        Table table = NewTable("Comparison", "Strategy", "Seconds", "Speed-up", "Lookups at once", "Threads used");
        foreach (StrategyRun run in runs)
        {
            table.AddRow(
                run.Strategy,
                string.Create(CultureInfo.InvariantCulture, $"{run.Elapsed.TotalSeconds:0.00}"),
                string.Create(CultureInfo.InvariantCulture, $"{runs[0].Elapsed / run.Elapsed:0.0} x"),
                run.MaxInFlight.ToString(CultureInfo.InvariantCulture),
                Threads(run));
        }

        return table;
    }

    private static string Threads(StrategyRun run) =>
        run.OwnThreads == 0 ? $"{run.SharedThreads} shared" : $"{run.OwnThreads} own, {run.SharedThreads} shared";

    private static Table NewTable(string title, params string[] columns) =>
        new Table().Title(title).RoundedBorder().AddColumns(columns);
}
