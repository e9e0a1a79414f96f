using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace EnrichIssuers.Job;

/// <summary>Shows the progress of the job on standard error, if that is a terminal.</summary>
internal static class JobProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the job with a progress; null if it would not be visible.</summary>
    public static Task<EnrichmentReport> ShowAsync(JobSettings settings, Func<IProgress<EnrichmentProgress>?, Task<EnrichmentReport>> run)
    {
        // On the same terminal, the progress line would interfere with the results.
        bool isVisible = !Console.IsErrorRedirected && (settings.Out != "-" || Console.IsOutputRedirected);
        return isVisible ? ShowAsync(run) : run(null);
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
