namespace IssuerEnrichment.Testing;

/// <summary>Options for verifying the contract of a strategy.</summary>
public sealed record StrategyContractOptions
{
    /// <summary>The number of lookups that the strategy must run concurrently, and not exceed; at least 1.</summary>
    /// <value>Default: 4. Use 1 to verify a strategy that always runs one lookup at a time.</value>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>How long to wait, on the system clock, for something that the strategy must do.</summary>
    /// <value>Default: 10 s. Only a strategy that does not do it takes this long.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
