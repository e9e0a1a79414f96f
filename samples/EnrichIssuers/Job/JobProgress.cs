using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace EnrichIssuers.Job;

/// <summary>Shows on standard error how far the job is, where somebody can see it.</summary>
internal static class JobProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the job; it gets a progress to report to, or null where nobody looks.</summary>
    public static Task<EnrichmentReport> ShowAsync(JobSettings settings, Func<IProgress<EnrichmentProgress>?, Task<EnrichmentReport>> run)
    {
        // A line that is redrawn and results that scroll by do not go together.
        bool isSeen = !Console.IsErrorRedirected && (settings.Out != "-" || Console.IsOutputRedirected);
        return isSeen ? ShowAsync(run) : run(null);
    }

    private static Task<EnrichmentReport> ShowAsync(Func<IProgress<EnrichmentProgress>?, Task<EnrichmentReport>> run) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            .Status()
            .StartAsync("Waiting for the first answer", context => run(new StatusLine(context)));

    private sealed class StatusLine(StatusContext context) : IProgress<EnrichmentProgress>
    {
        private long _shownAt;

        public void Report(EnrichmentProgress value)
        {
            if (Stopwatch.GetElapsedTime(_shownAt) < Interval)
                return;
            _shownAt = Stopwatch.GetTimestamp();
            double perSecond = value.Settled / Math.Max(value.Elapsed.TotalSeconds, 0.001);
            context.Status(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.Settled:N0} issuers, {value.Enriched:N0} enriched, {value.Failed:N0} failed, {perSecond:N0} a second"));
        }
    }
}
