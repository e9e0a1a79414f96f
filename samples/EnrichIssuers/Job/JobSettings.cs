namespace EnrichIssuers.Job;

/// <summary>What the command line asked for; null where the library's default holds.</summary>
/// <remarks>No record: its text would show the headers.</remarks>
internal sealed class JobSettings
{
    public JobSource Source { get; init; }

    /// <summary>Where the service is; null only where GLEIF is asked.</summary>
    public Uri? Service { get; init; }

    /// <summary>GLEIF's daily file; null where a service is asked.</summary>
    public string? File { get; init; }

    public required string Ids { get; init; }

    public required string Out { get; init; }

    public string? IdColumn { get; init; }

    public string? Journal { get; init; }

    /// <summary>Whether issuers that failed in an earlier run are asked for again.</summary>
    public bool RetryFailed { get; init; }

    public string? Report { get; init; }

    /// <summary>Whether to say what the job would take instead of doing it.</summary>
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
