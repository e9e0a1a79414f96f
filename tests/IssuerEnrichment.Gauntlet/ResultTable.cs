using System.Globalization;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Writes the table, a row as soon as it is measured; each figure is the worst of the runs.</summary>
internal sealed class ResultTable(TextWriter output)
{
    private static readonly string[] Columns =
    [
        "service", "told", "ids", "share", "seconds", "throttled", "besides in flight", "besides in flight and 150 ms", "failed", "unanswered",
        "requests an id", "targets",
    ];

    public void WriteHeader()
    {
        WriteRow(Columns);
        WriteRow(["---", "---", .. Enumerable.Repeat("--:", Columns.Length - 3), "---"]);
    }

    public void Write(Scenario scenario, IReadOnlyList<Measurement> runs) => WriteRow(
    [
        scenario.Name,
        scenario.Told,
        Number(scenario.Plan.Ids),
        scenario.Ideal is null ? "" : Number(runs.Min(run => run.Share)!.Value),
        Number(runs.Max(run => run.Seconds)),
        Number(runs.Max(run => run.Throttled)),
        Number(runs.Max(run => run.ThrottledAfterFlight)),
        Number(runs.Max(run => run.ThrottledAfterGrace)),
        Number(runs.Max(run => run.Failed)),
        Number(runs.Max(run => run.Unanswered)),
        Number(runs.Max(run => run.RequestsPerId)),
        Verdict(scenario, runs),
    ]);

    private static string Verdict(Scenario scenario, IReadOnlyList<Measurement> runs)
    {
        Target[] missed = [.. Missed(scenario, runs)];
        return missed.Length == 0 ? "met" : "missed: " + string.Join(", ", missed.Select(target => target.Text));
    }

    public static IEnumerable<Target> Missed(Scenario scenario, IReadOnlyList<Measurement> runs) =>
        scenario.Targets.Where(target => !runs.All(target.IsMet));

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private void WriteRow(IEnumerable<string> cells)
    {
        output.WriteLine($"| {string.Join(" | ", cells)} |");
        output.Flush();
    }
}
