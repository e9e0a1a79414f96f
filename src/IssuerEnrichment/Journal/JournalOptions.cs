namespace IssuerEnrichment;

/// <summary>How a run uses the journal of its source; without a journal these mean nothing.</summary>
public sealed record JournalOptions
{
    /// <summary>The name of the run. A run of the same name goes on where the last one ended; another name begins anew.</summary>
    /// <value>Default: empty, which is a name like any other.</value>
    public string Run { get; init; } = "";

    /// <summary>Whether issuers that failed are asked for again.</summary>
    /// <value>Default: false, a failure is as final as an answer.</value>
    public bool RetryFailed { get; init; }
}
