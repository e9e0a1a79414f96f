namespace IssuerEnrichment.Testing;

/// <summary>Thrown when a strategy breaks a rule of its contract. The message says which rule, how it was broken, and what to fix.</summary>
public sealed class StrategyContractException : Exception
{
    internal StrategyContractException(string strategy, StrategyRule rule, string breach, Exception? innerException = null)
        : base($"The strategy '{strategy}' breaks the rule \"{rule.Sentence}\" {breach} {rule.Remedy}", innerException)
    {
        Rule = rule;
        Breach = breach;
    }

    /// <summary>The rule that was broken.</summary>
    public StrategyRule Rule { get; }

    /// <summary>How the strategy broke the rule, as a sentence.</summary>
    public string Breach { get; }
}
