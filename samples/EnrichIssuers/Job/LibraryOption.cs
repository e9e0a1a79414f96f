namespace EnrichIssuers.Job;

/// <summary>The library speaks of its own options; whoever types a command line knows these by other names.</summary>
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

    public static string InWordsOfTheCommandLine(string problem) =>
        Names.Aggregate(problem, (text, name) => text.Replace(name.Library, name.CommandLine, StringComparison.Ordinal));
}
