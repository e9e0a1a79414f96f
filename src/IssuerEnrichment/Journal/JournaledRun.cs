namespace IssuerEnrichment;

/// <summary>A run in a journal.</summary>
/// <param name="Key">The key of its records.</param>
/// <param name="Verdicts">The number of records.</param>
/// <param name="LastVerdictAt">When the last record was written; null if there is none.</param>
public sealed record JournaledRun(JournalKey Key, long Verdicts, DateTimeOffset? LastVerdictAt);
