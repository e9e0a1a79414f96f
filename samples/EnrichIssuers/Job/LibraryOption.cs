namespace EnrichIssuers.Job;

/// <summary>Replaces the names of the library's options in messages by those of the command line.</summary>
internal static class LibraryOption
{
    private static readonly (string Library, string CommandLine)[] Names =
    [
        ("BaseAddress", "--service"),
        ("AnswerPath", "--isins-path"),
        ("Path is", "--file is"),
        ("Headers", "--header"),
        ("Strategy", "--strategy"),
        ("MaxConcurrency", "--max-concurrency"),
        ("Retry.MaxAttempts", "--attempts"),
        ("Timeout.Attempt", "--attempt-timeout"),
    ];

    public static string Translate(string problem) =>
        Names.Aggregate(problem, (text, name) => text.Replace(name.Library, name.CommandLine, StringComparison.Ordinal));
}
