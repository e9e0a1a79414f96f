namespace EnrichIssuers.Job;

/// <summary>The settings from the command line; null means the library's default.</summary>
/// <remarks>Not a record, because its text would show the headers.</remarks>
internal sealed class JobSettings
{
    public JobSource Source { get; init; }

    /// <summary>The address of the service; can be null for GLEIF.</summary>
    public Uri? Service { get; init; }

    /// <summary>GLEIF's daily file; null for a service.</summary>
    public string? File { get; init; }

    public required string Ids { get; init; }

    public required string Out { get; init; }

    public string? IdColumn { get; init; }

    public string? Journal { get; init; }

    /// <summary>Whether to repeat lookups that failed in an earlier run.</summary>
    public bool RetryFailed { get; init; }

    public string? Report { get; init; }

    /// <summary>Whether to estimate the job instead of running it.</summary>
    public bool Plan { get; init; }

    public TimeSpan? TypicalLatency { get; init; }

    public bool Ordered { get; init; }

    public string? Strategy { get; init; }

    public ConcurrencyLimit? MaxConcurrency { get; init; }

    public RateLimit? Rate { get; init; }

    public int? Attempts { get; init; }

    public TimeSpan? AttemptTimeout { get; init; }

    public TimeSpan? Deadline { get; init; }

    public string? IsinsPath { get; init; }

    public IReadOnlyList<string> Sectors { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
