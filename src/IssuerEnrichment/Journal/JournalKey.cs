namespace IssuerEnrichment;

/// <summary>Whose verdicts these are: those of one run are no good for another that asks something else.</summary>
/// <param name="Run">The name of the run; see <see cref="JournalOptions.Run"/>.</param>
/// <param name="Source">The name of the source; empty for the default one.</param>
/// <param name="RequestShape">A fingerprint of all that decides an answer besides the id: 64 hexadecimal digits. See <see cref="IRequestShape"/>.</param>
public sealed record JournalKey(string Run, string Source, string RequestShape);
