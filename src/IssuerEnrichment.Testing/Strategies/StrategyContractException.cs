namespace IssuerEnrichment.Testing;

/// <summary>A strategy breaks a rule of its contract. The message says which rule, how it was broken, and what to mend.</summary>
public sealed class StrategyContractException : Exception
{
    internal StrategyContractException(string strategy, StrategyRule rule, string breach, Exception? innerException = null)
        : base($"The strategy '{strategy}' breaks the rule \"{rule.Sentence}\" {breach} {rule.Remedy}", innerException)
    {
        Rule = rule;
        Breach = breach;
    }

    /// <summary>The rule.</summary>
    public StrategyRule Rule { get; }

    /// <summary>What the strategy was seen to do, as a sentence.</summary>
    public string Breach { get; }
}
