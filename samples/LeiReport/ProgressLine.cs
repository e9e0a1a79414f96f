using System.Globalization;

namespace LeiReport;

/// <summary>Shows the progress on standard error, if that is a terminal.</summary>
internal sealed class ProgressLine : IProgress<EnrichmentProgress>
{
    public void Report(EnrichmentProgress value)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{value.Settled:N0} LEIs, {value.Enriched:N0} enriched, {value.Failed:N0} failed "));
    }
}
