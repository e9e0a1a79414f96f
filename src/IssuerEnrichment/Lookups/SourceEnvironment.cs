using IssuerEnrichment.Caching;
using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Lookups;

/// <summary>What a source takes from outside: the clock, chance, where it tells what it does, and where verdicts and answers are kept.</summary>
internal sealed record SourceEnvironment(TimeProvider TimeProvider, Func<double> Random, EnrichmentTelemetry Telemetry) : IDisposable
{
    /// <summary>The name of the source; empty for the default one.</summary>
    public string Source { get; init; } = "";

    /// <summary>Where verdicts are kept from run to run; null where they are not.</summary>
    public IEnrichmentJournal? Journal { get; init; }

    /// <summary>Where answers are kept for a time; null where they are not.</summary>
    public AnswerCache? Cache { get; init; }

    public void Dispose() => Telemetry.Dispose();
}
