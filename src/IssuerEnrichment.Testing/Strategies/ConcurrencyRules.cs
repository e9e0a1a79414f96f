namespace IssuerEnrichment.Testing.Strategies;

/// <summary>The rules on concurrency, and on how far ahead the sequence is read.</summary>
internal static class ConcurrencyRules
{
    // Long enough for the others to start, and short enough for hundreds of lookups.
    private const int TurnsOnTheWire = 8;

    public static IEnumerable<StrategyRule> All =>
    [
        new(
            "Lookups run at the maximum concurrency.",
            "Start lookups until maxConcurrency of them run, and the next one as soon as one of them has ended.",
            ReachesTheLimit),
        new("Lookups never exceed the maximum concurrency.", "Respect the maxConcurrency argument, which is that of the run.", KeepsToTheLimit),
        new(
            "The next lookup is taken only when it can be started.",
            "Wait for a free slot before taking a lookup: the sequence may be endless, and provides no more lookups than the run reads ahead.",
            TakesNoneInAdvance),
        new("The sequence is enumerated once, without concurrent reads.", "Enumerate it once, and await each read before the next.", ReadsInOnePlace),
        new(
            "The strategy waits for a slow consumer.",
            "Start each lookup as soon as it is taken: the sequence provides no more until the consumer has taken the earlier outcomes.",
            WaitsForTheConsumer),
    ];

    private static async Task<string?> ReachesTheLimit(TrialPlan plan)
    {
        int count = 5 * plan.Limit;
        using StrategyTrial trial = plan.Begin();
        Task run = trial.RunAsync(count);
        try
        {
            await trial.Client.ReachInFlightAsync(plan.Limit).ConfigureAwait(false);
            for (int asked = plan.Limit + 1; asked <= count; asked++)
            {
                trial.Client.LetOneGo();
                await trial.Client.ReachAskedAsync(asked).ConfigureAwait(false);
            }
        }
        catch (TimeoutException)
        {
            return $"Only {trial.Client.InFlight} lookups ran, although {plan.Limit} could.";
        }

        trial.Client.Open();
        await run.ConfigureAwait(false);
        return null;
    }

    private static async Task<string?> KeepsToTheLimit(TrialPlan plan)
    {
        foreach (int limit in new[] { plan.Limit, 1 })
        {
            using StrategyTrial trial = (plan with { Limit = limit, Answer = AnswerAsync }).Begin();
            trial.Client.Open();
            await trial.RunAsync(50 * limit).ConfigureAwait(false);
            if (trial.Client.MostInFlight > limit)
                return $"{trial.Client.MostInFlight} lookups ran concurrently; maxConcurrency was {limit}.";
        }

        return null;
    }

    private static async Task<string?> TakesNoneInAdvance(TrialPlan plan)
    {
        using StrategyTrial trial = (plan with { Answer = AnswerAsync }).Begin();
        trial.Client.Open();
        int toTake = 50 * plan.Limit;
        await trial.RunAsync(async end =>
        {
            await foreach (EnrichmentOutcome _ in trial.Stream(Ids.UpTo(int.MaxValue)).WithCancellation(end).ConfigureAwait(false))
            {
                if (--toTake == 0)
                    break;
            }

            return toTake;
        }).ConfigureAwait(false);

        // Running too many at a time breaks another rule.
        int started = Math.Max(plan.Limit, trial.Client.MostInFlight);
        return trial.Watch.MostHeld <= started ? null : $"It held {trial.Watch.MostHeld} lookups, but at most {started} ran.";
    }

    private static async Task<string?> ReadsInOnePlace(TrialPlan plan)
    {
        using StrategyTrial trial = plan.Begin();
        trial.Client.Open();
        try
        {
            await trial.RunAsync(50 * plan.Limit).ConfigureAwait(false);
        }
        catch (Exception) when (trial.Watch.HasMovedTwice)
        {
            return WatchedSequence.MovedTwice;
        }

        return trial.Watch.HasMovedTwice ? WatchedSequence.MovedTwice : null;
    }

    private static async Task<string?> WaitsForTheConsumer(TrialPlan plan)
    {
        using StrategyTrial trial = (plan with { ReadAhead = 2 * plan.Limit }).Begin();
        trial.Client.Open();
        int count = 10 * plan.Limit;
        int taken = await trial.RunAsync(async end =>
        {
            int taken = 0;
            await foreach (EnrichmentOutcome _ in trial.Stream(Ids.UpTo(count)).WithCancellation(end).ConfigureAwait(false))
            {
                await Others.GoOnAsync(TurnsOnTheWire).ConfigureAwait(false);
                taken++;
            }

            return taken;
        }).ConfigureAwait(false);
        return taken == count ? null : $"{count} inputs had {taken} outcomes.";
    }

    private static async Task<IssuerAnswer> AnswerAsync(string id)
    {
        await Others.GoOnAsync(TurnsOnTheWire).ConfigureAwait(false);
        return IssuerAnswer.Found([id]);
    }
}
