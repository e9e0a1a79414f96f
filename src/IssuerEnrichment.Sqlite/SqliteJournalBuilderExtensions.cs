namespace IssuerEnrichment;

/// <summary>Keeps a source's verdicts in a SQLite file.</summary>
public static class SqliteJournalBuilderExtensions
{
    /// <summary>Keeps verdicts in a SQLite file, so that a run that was killed asks only for what has none when it is started again.</summary>
    /// <param name="builder">The source.</param>
    /// <param name="path">The file, in a folder that exists; created if missing. Of several journals the last counts.</param>
    /// <exception cref="ArgumentException">The path is empty, or cannot be one.</exception>
    public static IIssuerEnrichmentBuilder UseSqliteJournal(this IIssuerEnrichmentBuilder builder, string path)
    {
        SqliteEnrichmentJournal journal = new(path);
        return builder.UseJournal(_ => journal);
    }
}
