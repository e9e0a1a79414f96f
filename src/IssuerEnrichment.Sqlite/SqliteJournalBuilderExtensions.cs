namespace IssuerEnrichment;

/// <summary>Adds a journal in a SQLite file to a source.</summary>
public static class SqliteJournalBuilderExtensions
{
    /// <summary>
    /// Records outcomes in a SQLite file. A run that was killed can be started again, and looks up only issuers without a recorded outcome.
    /// </summary>
    /// <param name="builder">The source.</param>
    /// <param name="path">
    /// The file. Its folder must exist. The file is created if it does not exist. The last journal that is registered wins.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty or invalid.</exception>
    public static IIssuerEnrichmentBuilder UseSqliteJournal(this IIssuerEnrichmentBuilder builder, string path)
    {
        SqliteEnrichmentJournal journal = new(path);
        return builder.UseJournal(_ => journal);
    }
}
