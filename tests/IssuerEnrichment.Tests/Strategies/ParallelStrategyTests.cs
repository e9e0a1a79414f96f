namespace IssuerEnrichment.Tests.Strategies;

public sealed class ParallelStrategyTests : EnrichmentStrategyContract<ParallelStrategy>;
