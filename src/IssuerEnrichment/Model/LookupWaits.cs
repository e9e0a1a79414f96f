namespace IssuerEnrichment;

/// <summary>The time that a lookup waited after it started.</summary>
/// <param name="Time">The waits, by activity.</param>
/// <param name="Down">The part of <see cref="LookupTime.Gate"/> during which the service was down, rather than throttling.</param>
internal sealed record LookupWaits(LookupTime Time, TimeSpan Down);
