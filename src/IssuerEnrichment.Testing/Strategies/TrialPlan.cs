namespace IssuerEnrichment.Testing.Strategies;

/// <summary>How a rule runs a strategy. Rules change the plan using <c>with</c>.</summary>
internal sealed record TrialPlan(IEnrichmentStrategy Strategy, StrategyContractOptions Options, CancellationToken CancellationToken)
{
    /// <summary>The maximum number of concurrent lookups.</summary>
    public int Limit { get; init; } = Options.MaxConcurrency;

    /// <summary>The number of inputs read ahead of the consumer.</summary>
    public int ReadAhead { get; init; } = 1024;

    /// <summary>Returns the answer to a request that is released.</summary>
    public Func<string, Task<IssuerAnswer>> Answer { get; init; } = id => Task.FromResult(IssuerAnswer.Found([id]));

    /// <summary>Whether cancelled requests stay in flight until they are released.</summary>
    public bool Lingers { get; init; }

    public StrategyTrial Begin() => new(this);
}
