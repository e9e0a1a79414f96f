namespace IssuerEnrichment.Testing;

/// <summary>The position of a request among all others, determined when it arrived. All numbers start at 1.</summary>
internal readonly record struct Arrival(int Number, int Attempt, int InFlight, TimeSpan At);
