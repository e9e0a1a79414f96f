namespace IssuerEnrichment;

/// <summary>How long a lookup waited after it had begun.</summary>
/// <param name="Time">Each kind of wait.</param>
/// <param name="Down">Of the time at the gate, what was spent while the service was down, rather than asking for a slower pace.</param>
internal sealed record LookupWaits(LookupTime Time, TimeSpan Down);
