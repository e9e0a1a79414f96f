using IssuerEnrichment.Testing.Strategies;

namespace IssuerEnrichment.Testing;

/// <summary>The contract of every <see cref="IEnrichmentStrategy"/>, as rules that can be verified.</summary>
/// <remarks>
/// <para>
/// A rule runs the strategy in a run of the library, with a client that holds and releases requests, and observes the strategy. It does not depend on
/// a test framework. In xUnit, use <see cref="Rules"/> as the data of a theory; elsewhere, <see cref="VerifyAsync"/> verifies all of them.
/// </para>
/// <para>
/// Rules take no longer than the strategy, because they wait for events and not for time to pass. For what must not happen, they give the strategy an
/// opportunity: a strategy that breaks a rule only sometimes may pass sometimes. Immutable and thread-safe.
/// </para>
/// </remarks>
public static class EnrichmentStrategyContract
{
    /// <summary>All rules, the simplest first.</summary>
    public static IReadOnlyList<StrategyRule> Rules { get; } = [.. OutcomeRules.All, .. ConcurrencyRules.All, .. EndingRules.All];

    /// <summary>Verifies all rules, one after another.</summary>
    /// <param name="strategy">The strategy. It is run many times.</param>
    /// <param name="options">Options for the verification; null means the defaults.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    /// <exception cref="StrategyContractException">A rule is broken. The exception describes the first one.</exception>
    public static async Task VerifyAsync(
        IEnrichmentStrategy strategy, StrategyContractOptions? options = null, CancellationToken cancellationToken = default)
    {
        foreach (StrategyRule rule in Rules)
            await rule.VerifyAsync(strategy, options, cancellationToken).ConfigureAwait(false);
    }
}
