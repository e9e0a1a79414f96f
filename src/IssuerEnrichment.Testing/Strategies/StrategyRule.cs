using IssuerEnrichment.Testing.Strategies;

namespace IssuerEnrichment.Testing;

/// <summary>A rule of the <see cref="EnrichmentStrategyContract"/>. Immutable and thread-safe.</summary>
public sealed class StrategyRule
{
    private readonly Func<TrialPlan, Task<string?>> _findBreach;

    /// <param name="sentence">What a strategy must do.</param>
    /// <param name="remedy">How to fix a strategy that breaks the rule.</param>
    /// <param name="findBreach">Runs a strategy. Returns a sentence that says how it breaks the rule, or null.</param>
    internal StrategyRule(string sentence, string remedy, Func<TrialPlan, Task<string?>> findBreach)
    {
        Sentence = sentence;
        Remedy = remedy;
        _findBreach = findBreach;
    }

    /// <summary>What a strategy must do.</summary>
    public string Sentence { get; }

    /// <summary>How to fix a strategy that breaks the rule.</summary>
    public string Remedy { get; }

    /// <summary>Verifies that a strategy follows the rule.</summary>
    /// <param name="strategy">The strategy. It is run several times.</param>
    /// <param name="options">Options for the verification; null means the defaults.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <exception cref="StrategyContractException">The strategy breaks the rule.</exception>
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

    /// <summary>Returns the <see cref="Sentence"/>, which test runners display.</summary>
    public override string ToString() => Sentence;
}
