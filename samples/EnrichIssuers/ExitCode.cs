namespace EnrichIssuers;

/// <summary>The exit codes of the process.</summary>
internal static class ExitCode
{
    /// <summary>Every issuer was enriched or not found.</summary>
    public const int Success = 0;

    /// <summary>Some issuers failed, were invalid or were not attempted.</summary>
    public const int SomeMissing = 1;

    /// <summary>The usage or the configuration is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>The run was interrupted by Ctrl+C, SIGTERM or SIGHUP.</summary>
    public const int Interrupted = 130;
}
