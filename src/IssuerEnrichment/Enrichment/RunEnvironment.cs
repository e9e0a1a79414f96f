using IssuerEnrichment.Telemetry;

namespace IssuerEnrichment.Enrichment;

/// <summary>What a run takes from outside: the clock, chance, and where it tells what it does.</summary>
internal sealed record RunEnvironment(TimeProvider TimeProvider, Func<double> Random, EnrichmentTelemetry Telemetry);
