using System.Globalization;

namespace LeiReport;

/// <summary>Says on standard error how far the run is, where somebody can see it.</summary>
internal sealed class ProgressLine : IProgress<EnrichmentProgress>
{
    public void Report(EnrichmentProgress value)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{value.Settled:N0} LEIs, {value.Enriched:N0} enriched, {value.Failed:N0} failed "));
    }
}
