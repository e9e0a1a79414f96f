namespace IssuerEnrichment.Testing.Strategies;

/// <summary>The rules on the outcomes of inputs.</summary>
internal static class OutcomeRules
{
    private const int Count = 200;

    public static IEnumerable<StrategyRule> All =>
    [
        new("Every lookup is run, so each input has one outcome.", "Run every lookup that the sequence gives, and the last ones too.", RunsEveryLookup),
        new("No lookup is run twice.", "Run each lookup once: the library makes the retries.", RunsNoLookupTwice),
        new("A failed issuer fails alone.", "Continue with other lookups: a lookup that fails delivers its failure as its outcome.", FailsAlone),
        new("An empty sequence gives an empty run.", "Return without an exception when the sequence ends at once.", RunsEmpty),
    ];

    private static async Task<string?> RunsEveryLookup(TrialPlan plan)
    {
        foreach (bool ordered in new[] { false, true })
        {
            using StrategyTrial trial = plan.Begin();
            trial.Client.Open();
            List<EnrichmentOutcome> outcomes = await trial.RunAsync(Count, new EnrichmentRunOptions { Ordered = ordered }).ConfigureAwait(false);

            string?[] forgotten = [.. outcomes.Where(outcome => outcome.Status != EnrichmentStatus.Enriched).Select(outcome => outcome.IssuerId)];
            if (forgotten.Length > 0)
                return $"Of {Count} lookups it did not run {forgotten.Length}, such as number {forgotten[0]}.";
            if (outcomes.Select(outcome => outcome.Position).Distinct().Count() != Count)
                return $"{Count} inputs had {outcomes.Count} outcomes.";
        }

        return null;
    }

    private static async Task<string?> RunsNoLookupTwice(TrialPlan plan)
    {
        using StrategyTrial trial = plan.Begin();
        trial.Client.Open();
        await trial.RunAsync(Count).ConfigureAwait(false);

        return trial.Client.Asked.CountBy(id => id).FirstOrDefault(asked => asked.Value > 1) is { Key: { } id, Value: var times }
            ? $"It requested issuer {id} {times} times."
            : null;
    }

    private static async Task<string?> FailsAlone(TrialPlan plan)
    {
        using StrategyTrial trial = (plan with { Answer = id => id == "7" ? throw ServiceFailure.Permanent() : Task.FromResult(IssuerAnswer.Found([id])) }).Begin();
        trial.Client.Open();
        List<EnrichmentOutcome> outcomes = await trial.RunAsync(20).ConfigureAwait(false);

        string?[] rejected = [.. outcomes.Where(outcome => outcome.Error?.Kind == EnrichmentErrorKind.Rejected).Select(outcome => outcome.IssuerId)];
        return rejected is ["7"] ? null : $"The service rejected issuer 7, but the run reports this for {rejected.Length} issuers: {string.Join(", ", rejected)}.";
    }

    private static async Task<string?> RunsEmpty(TrialPlan plan)
    {
        using StrategyTrial trial = plan.Begin();
        List<EnrichmentOutcome> outcomes = await trial.RunAsync(0).ConfigureAwait(false);
        return outcomes.Count == 0 ? null : $"There were {outcomes.Count} outcomes.";
    }
}
