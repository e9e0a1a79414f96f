using System.Globalization;
using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Writes what the strategies found, when they did so and what it took.</summary>
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
            "Lookups at once: the most requests under way at one moment. Threads used: those on which requests were begun; a strategy's own "
            + "wait there for each answer, those of the shared pool go back to other work.");
        console.WriteLine();
        console.WriteLine(
            "Choose async; thread-pool where the service's client or the code around it blocks; sequential to debug, one lookup after the other.");
    }

    private static Table Issuers(DocumentEnrichmentResult result)
    {
        Table table = NewTable("What was found", "Issuer", "Type", "ISINs", "Attempts", "Error");
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
        Table table = NewTable("What it took", "Strategy", "Seconds", "Speed-up", "Lookups at once", "Threads used");
        foreach (StrategyRun run in runs)
        {
            table.AddRow(
                run.Strategy,
                string.Create(CultureInfo.InvariantCulture, $"{run.Elapsed.TotalSeconds:0.00}"),
                string.Create(CultureInfo.InvariantCulture, $"{runs[0].Elapsed / run.Elapsed:0.0} x"),
                run.PeakAtOnce.ToString(CultureInfo.InvariantCulture),
                Threads(run));
        }

        return table;
    }

    private static string Threads(StrategyRun run) =>
        run.OwnThreads == 0 ? $"{run.SharedThreads} shared" : $"{run.OwnThreads} own, {run.SharedThreads} shared";

    private static Table NewTable(string title, params string[] columns) =>
        new Table().Title(title).RoundedBorder().AddColumns(columns);
}
