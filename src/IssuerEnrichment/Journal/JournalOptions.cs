namespace IssuerEnrichment;

/// <summary>How a run uses the journal of its source. Without a journal, these options have no effect.</summary>
public sealed record JournalOptions
{
    /// <summary>The name of the run. A run with the same name resumes the previous one; a run with another name starts from scratch.</summary>
    /// <value>Default: empty, which is a valid name.</value>
    public string Run { get; init; } = "";

    /// <summary>Whether to retry issuers that failed in an earlier run.</summary>
    /// <value>Default: false; a failure is as final as an answer.</value>
    public bool RetryFailed { get; init; }
}
