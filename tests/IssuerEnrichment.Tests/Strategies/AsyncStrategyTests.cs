using IssuerEnrichment.Strategies;

namespace IssuerEnrichment.Tests.Strategies;

public sealed class AsyncStrategyTests : EnrichmentStrategyContract<AsyncStrategy>;
