namespace IssuerEnrichment;

/// <summary>A run whose verdicts a journal keeps.</summary>
/// <param name="Key">Whose verdicts they are.</param>
/// <param name="Verdicts">The number of verdicts.</param>
/// <param name="LastVerdictAt">When the last of them was given; null where there is none.</param>
public sealed record JournaledRun(JournalKey Key, long Verdicts, DateTimeOffset? LastVerdictAt);
