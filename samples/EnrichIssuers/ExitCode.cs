namespace EnrichIssuers;

/// <summary>What the process says at its end.</summary>
internal static class ExitCode
{
    /// <summary>Every issuer is enriched or not found.</summary>
    public const int AllWell = 0;

    /// <summary>Some issuers failed, were invalid or were not attempted.</summary>
    public const int SomeMissing = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int WrongUsage = 2;

    /// <summary>Interrupted by Ctrl+C, SIGTERM or SIGHUP.</summary>
    public const int Interrupted = 130;
}
