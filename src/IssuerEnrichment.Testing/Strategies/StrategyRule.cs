using IssuerEnrichment.Testing.Strategies;

namespace IssuerEnrichment.Testing;

/// <summary>One rule of the <see cref="EnrichmentStrategyContract"/>. Immutable and thread-safe.</summary>
public sealed class StrategyRule
{
    private readonly Func<TrialPlan, Task<string?>> _findBreach;

    /// <param name="sentence">What a strategy does that keeps the rule.</param>
    /// <param name="remedy">What to mend in one that does not.</param>
    /// <param name="findBreach">Tries a strategy; says in a sentence how it breaks the rule, or null.</param>
    internal StrategyRule(string sentence, string remedy, Func<TrialPlan, Task<string?>> findBreach)
    {
        Sentence = sentence;
        Remedy = remedy;
        _findBreach = findBreach;
    }

    /// <summary>What a strategy does that keeps the rule.</summary>
    public string Sentence { get; }

    /// <summary>What to mend in a strategy that breaks it.</summary>
    public string Remedy { get; }

    /// <summary>Verifies that a strategy keeps the rule.</summary>
    /// <param name="strategy">The strategy. It is run several times.</param>
    /// <param name="options">How it is run; null means the defaults.</param>
    /// <param name="cancellationToken">Ends the verification.</param>
    /// <exception cref="StrategyContractException">It does not.</exception>
    public async Task VerifyAsync(
        IEnrichmentStrategy strategy, StrategyContractOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        options ??= new StrategyContractOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrency, 1, nameof(options));
        string? breach;
        try
        {
            breach = await _findBreach(new TrialPlan(strategy, options, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StrategyContractException(strategy.Name, this, $"The run ended with {e.GetType().Name}: {e.Message}", e);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (breach is not null)
            throw new StrategyContractException(strategy.Name, this, breach);
    }

    /// <summary>The <see cref="Sentence"/>, under which test runners list the rule.</summary>
    public override string ToString() => Sentence;
}
