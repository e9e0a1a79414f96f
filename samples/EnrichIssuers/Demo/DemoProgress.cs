using System.Globalization;
using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Shows the progress of each strategy: a bar on a terminal, otherwise a line when it has ended.</summary>
internal static class DemoProgress
{
    /// <summary>Runs the demonstration, which can create a progress for each strategy by name.</summary>
    public static Task ShowAsync(IAnsiConsole console, int issuers, Func<Func<string, IProgress<EnrichmentProgress>>, Task> run) =>
        console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi
            ? console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
                .StartAsync(context => run(strategy => new Bar(context.AddTask(strategy, maxValue: issuers))))
            : run(strategy => new Line(console, strategy));

    private static string Describe(string strategy, EnrichmentProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{strategy,-11}  {progress.Settled,2} of {progress.Total} issuers, {progress.Failed} failed");

    private sealed class Bar(ProgressTask task) : IProgress<EnrichmentProgress>
    {
        private readonly string _strategy = task.Description;

        public void Report(EnrichmentProgress value)
        {
            task.Description = Describe(_strategy, value);
            task.Value = value.Settled;
        }
    }

    private sealed class Line(IAnsiConsole console, string strategy) : IProgress<EnrichmentProgress>
    {
        public void Report(EnrichmentProgress value)
        {
            if (value.Settled == value.Total)
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Describe(strategy, value)}, {value.Elapsed.TotalSeconds:0.0} s"));
        }
    }
}
