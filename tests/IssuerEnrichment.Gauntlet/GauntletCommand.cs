using System.CommandLine;
using System.Text.RegularExpressions;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Runs the rows one after the other, since rows that run at once would slow each other down. Exit code 0: all targets are met; 1: not all.</summary>
internal static class GauntletCommand
{
    public static RootCommand Create()
    {
        Option<string> rows = new("--rows") { HelpName = "pattern", Description = "Only rows that match, such as \"bucket 50.*told no\"." };
        Option<int> runs = new("--runs") { Description = "Runs of each row, the worst of which counts.", DefaultValueFactory = _ => 3 };
        Option<double> seconds = new("--seconds") { Description = "The ideal time of a run, in seconds.", DefaultValueFactory = _ => 6 };
        Option<bool> isLong = new("--long") { Description = "Ten times as much work, with the targets for that." };
        Option<bool> logs = new("--log") { Description = "Writes the library's log to standard error." };
        Option<bool> list = new("--list") { Description = "Writes the names of the rows and runs none." };
        RootCommand command = new("Runs the library against limited and faulty services over real sockets and prints a table of the results.")
        {
            rows, runs, seconds, isLong, logs, list,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            Regex pattern = new(arguments.GetValue(rows) ?? "", RegexOptions.IgnoreCase);
            TimeSpan work = TimeSpan.FromSeconds(arguments.GetValue(seconds) * (arguments.GetValue(isLong) ? 10 : 1));
            IEnumerable<Scenario> chosen = LimitedServices.Create(work, arguments.GetValue(isLong)).Concat(FaultyServices.All)
                .Where(scenario => pattern.IsMatch(scenario.Title));
            return arguments.GetValue(list)
                ? List(chosen)
                : RunAsync(chosen, arguments.GetValue(runs), arguments.GetValue(logs), cancellationToken);
        });
        return command;
    }

    private static Task<int> List(IEnumerable<Scenario> scenarios)
    {
        foreach (Scenario scenario in scenarios)
            Console.WriteLine($"{scenario.Title} ({string.Join(", ", scenario.Targets.Select(target => target.Text))})");
        return Task.FromResult(0);
    }

    private static async Task<int> RunAsync(IEnumerable<Scenario> scenarios, int runs, bool logs, CancellationToken cancellationToken)
    {
        ResultTable table = new(Console.Out);
        table.WriteHeader();
        bool isMet = true;
        foreach (Scenario scenario in scenarios)
        {
            List<Measurement> measured = [];
            while (measured.Count < runs)
                measured.Add(await ScenarioRun.RunAsync(scenario, logs, cancellationToken));
            table.Write(scenario, measured);
            isMet &= !ResultTable.Missed(scenario, measured).Any();
        }

        return isMet ? 0 : 1;
    }
}
