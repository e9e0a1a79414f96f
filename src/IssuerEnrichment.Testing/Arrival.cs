namespace IssuerEnrichment.Testing;

/// <summary>A request's place among all others, fixed when it arrived; every number counts from 1.</summary>
internal readonly record struct Arrival(int Number, int Attempt, int InFlight, TimeSpan At);
