namespace IssuerEnrichment.Tests.Journal;

/// <summary>Records with ISINs, for tests of journals.</summary>
internal static class Verdicts
{
    public static JournalRecord Enriched(string issuerId, IReadOnlyList<string> isins, int attempts) =>
        JournalRecord.Enriched(issuerId, AnswerFormat.Isins.Write(isins), attempts);

    public static IReadOnlyList<string>? Isins(this JournalRecord record) =>
        record.Answer is { } answer ? (IReadOnlyList<string>)AnswerFormat.Isins.Read(answer) : null;
}
