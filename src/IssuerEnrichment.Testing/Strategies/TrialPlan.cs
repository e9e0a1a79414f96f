namespace IssuerEnrichment.Testing.Strategies;

/// <summary>How a rule tries a strategy. A rule changes what it must with <c>with</c>.</summary>
internal sealed record TrialPlan(IEnrichmentStrategy Strategy, StrategyContractOptions Options, CancellationToken CancellationToken)
{
    /// <summary>Lookups at a time.</summary>
    public int Limit { get; init; } = Options.MaxConcurrency;

    /// <summary>Inputs read ahead of the consumer.</summary>
    public int ReadAhead { get; init; } = 1024;

    /// <summary>What the service does with a request that is let go.</summary>
    public Func<string, Task<IssuerAnswer>> Answer { get; init; } = id => Task.FromResult(IssuerAnswer.Found([id]));

    /// <summary>Whether requests that are cancelled stay until they are let go.</summary>
    public bool Lingers { get; init; }

    public StrategyTrial Begin() => new(this);
}
