namespace IssuerEnrichment.Gauntlet;

/// <summary>The result of a plan, as the library reports it.</summary>
/// <param name="Seconds">From the first call of the enricher, which is cold, to the last outcome, in seconds.</param>
/// <param name="TailSeconds">The part of it after 95 % of the ids had their outcome.</param>
/// <param name="Enriched">Ids that were enriched.</param>
/// <param name="Failed">Ids that failed.</param>
/// <param name="Outages">How often the library declared the service down.</param>
internal sealed record RunResult(double Seconds, double TailSeconds, int Enriched, int Failed, int Outages);
