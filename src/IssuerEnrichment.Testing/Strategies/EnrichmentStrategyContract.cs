using IssuerEnrichment.Testing.Strategies;

namespace IssuerEnrichment.Testing;

/// <summary>What every <see cref="IEnrichmentStrategy"/> must keep to, as rules that can be verified.</summary>
/// <remarks>
/// <para>
/// A rule runs the strategy in a run of the library, against a service that holds its requests and lets them go, and watches what it does. It depends on no
/// test framework: in xUnit, <see cref="Rules"/> are the data of one theory; elsewhere <see cref="VerifyAsync"/> runs them all.
/// </para>
/// <para>
/// Rules take no time but what the strategy takes, for they wait for what must happen and not for time to pass. What must not happen is given the chance to:
/// a strategy that breaks a rule only now and then may pass now and then. Immutable and thread-safe.
/// </para>
/// </remarks>
public static class EnrichmentStrategyContract
{
    /// <summary>All rules, the plainest first.</summary>
    public static IReadOnlyList<StrategyRule> Rules { get; } = [.. OutcomeRules.All, .. ConcurrencyRules.All, .. EndingRules.All];

    /// <summary>Verifies all rules, one after the other.</summary>
    /// <param name="strategy">The strategy. It is run many times.</param>
    /// <param name="options">How it is run; null means the defaults.</param>
    /// <param name="cancellationToken">Ends the verification.</param>
    /// <exception cref="StrategyContractException">A rule is broken: the first of them.</exception>
    public static async Task VerifyAsync(
        IEnrichmentStrategy strategy, StrategyContractOptions? options = null, CancellationToken cancellationToken = default)
    {
        foreach (StrategyRule rule in Rules)
            await rule.VerifyAsync(strategy, options, cancellationToken).ConfigureAwait(false);
    }
}
