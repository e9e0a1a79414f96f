namespace IssuerEnrichment.Gauntlet;

/// <summary>What the table needs of the service's own counts; see <c>IssuerServiceStatistics</c> for their meaning.</summary>
internal sealed record ServiceStatistics(int Requests, int Throttled, int ThrottledInFlight, int ThrottledInGrace);
