using IssuerEnrichment.Caching;
using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Lookups;

/// <summary>The dependencies of a source: clock, random numbers, telemetry, journal and cache.</summary>
internal sealed record SourceEnvironment(TimeProvider TimeProvider, Func<double> Random, EnrichmentTelemetry Telemetry) : IDisposable
{
    /// <summary>The name of the source; empty for the default source.</summary>
    public string Source { get; init; } = "";

    /// <summary>The journal that records outcomes across runs; null if there is none.</summary>
    public IEnrichmentJournal? Journal { get; init; }

    /// <summary>The cache of answers; null if there is none.</summary>
    public AnswerCache? Cache { get; init; }

    public void Dispose() => Telemetry.Dispose();
}
