namespace IssuerEnrichment.Testing;

/// <summary>How a strategy is run to verify its contract.</summary>
public sealed record StrategyContractOptions
{
    /// <summary>How many lookups the strategy may run at a time, and must; at least 1.</summary>
    /// <value>The default is 4. Verify a strategy that always runs one at a time with 1.</value>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>How long to wait, on the system's clock, for something that the strategy must do.</summary>
    /// <value>The default is 10 s. It takes so long only to find out that the strategy does not do it.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
