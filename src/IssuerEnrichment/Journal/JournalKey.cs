namespace IssuerEnrichment;

/// <summary>Identifies the records of a run. Runs that ask different questions have different keys, so that they do not share records.</summary>
/// <param name="Run">The name of the run; see <see cref="JournalOptions.Run"/>.</param>
/// <param name="Source">The name of the source; empty for the default source.</param>
/// <param name="RequestShape">
/// A hash of all settings besides the id that affect the answers: 64 hexadecimal digits. See <see cref="IRequestShape"/>.
/// </param>
public sealed record JournalKey(string Run, string Source, string RequestShape);
