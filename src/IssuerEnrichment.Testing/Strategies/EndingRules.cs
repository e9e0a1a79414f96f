namespace IssuerEnrichment.Testing.Strategies;

/// <summary>The rules on how a run ends, for each way in which it can end.</summary>
internal static class EndingRules
{
    public static IEnumerable<StrategyRule> All =>
    [
        new(
            "A run that is stopped, as by a deadline, ends without an exception.",
            "Take lookups until the sequence ends: running lookups end by themselves.",
            EndsWhenStopped),
        new("A sequence that throws ends the run with its exception.", "Do not catch exceptions of the sequence.", PassesTheException),
        new(
            "A run that is cancelled ends, and takes no more lookups.",
            "Take no more lookups once the token is cancelled, and wait only for running lookups, which end by themselves.",
            EndsWhenCancelled),
        new(
            "The strategy returns only when every lookup that it started has ended.",
            "Await every lookup that was started, even if the sequence ends, throws or is cancelled.",
            LeavesNothingRunning),
        new("The sequence is disposed of, however the run ends.", "Read it with await foreach, or dispose of its enumerator.", DisposesOfTheSequence),
    ];

    private static async Task<string?> EndsWhenStopped(TrialPlan plan)
    {
        const int count = 50;
        using StrategyTrial trial = plan.Begin();
        using CancellationTokenSource stop = new();
        Task<List<EnrichmentOutcome>> run = trial.RunAsync(count, new EnrichmentRunOptions { Stop = stop.Token });
        await trial.Client.ReachInFlightAsync(1).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);

        List<EnrichmentOutcome> outcomes = await run.ConfigureAwait(false);
        return outcomes.Count == count ? null : $"{count} inputs had {outcomes.Count} outcomes.";
    }

    private static async Task<string?> PassesTheException(TrialPlan plan)
    {
        InvalidDataException broken = new("The sequence of issuers is broken.");
        using StrategyTrial trial = plan.Begin();
        trial.Client.Open();
        try
        {
            await trial.RunAsync(Ids.UpTo(plan.Limit, broken)).ConfigureAwait(false);
            return "The run ended without the exception of the sequence.";
        }
        catch (Exception e) when (e == broken)
        {
            return null;
        }
    }

    private static async Task<string?> EndsWhenCancelled(TrialPlan plan)
    {
        using StrategyTrial trial = plan.Begin();
        await CancelAsync(trial).ConfigureAwait(false);

        using StrategyTrial late = plan.Begin();
        await AwaitEndAsync(late.RunAsync(50, cancellationToken: new CancellationToken(canceled: true))).ConfigureAwait(false);
        return late.Client.Asked.Count == 0 ? null : $"In a run that was cancelled before it started, it requested {late.Client.Asked.Count} issuers.";
    }

    private static Task<string?> LeavesNothingRunning(TrialPlan plan) => TryEndingsAsync(
        plan, watch => watch.LeftRunning > 0 ? $"It returned while {watch.LeftRunning} lookups ran" : null);

    private static Task<string?> DisposesOfTheSequence(TrialPlan plan) => TryEndingsAsync(
        plan, watch => watch.HasDisposed ? null : "It returned without having disposed of the enumerator");

    private static async Task<string?> TryEndingsAsync(TrialPlan plan, Func<WatchedStrategy, string?> findBreach)
    {
        (string Name, Func<StrategyTrial, Task> Async)[] endings =
        [
            ("the sequence had ended", trial => EndAsync(trial, Ids.UpTo(plan.Limit))),
            ("the sequence had thrown", trial => EndAsync(trial, Ids.UpTo(plan.Limit, new InvalidDataException()))),
            ("the run was cancelled", CancelAsync),
        ];
        foreach ((string name, Func<StrategyTrial, Task> endAsync) in endings)
        {
            using StrategyTrial trial = (plan with { Lingers = true }).Begin();
            await endAsync(trial).ConfigureAwait(false);
            if (findBreach(trial.Watch) is { } breach)
                return $"{breach}, when {name}.";
        }

        return null;
    }

    // Releasing one request makes space for the read that finds the end, while the others are held.
    private static async Task EndAsync(StrategyTrial trial, IAsyncEnumerable<string?> ids)
    {
        Task run = trial.RunAsync(ids);
        await trial.Client.ReachInFlightAsync(1).ConfigureAwait(false);
        await Others.GoOnAsync().ConfigureAwait(false);
        trial.Client.LetOneGo();
        await Others.GoOnAsync().ConfigureAwait(false);
        trial.Client.Open();
        await AwaitEndAsync(run).ConfigureAwait(false);
    }

    private static async Task CancelAsync(StrategyTrial trial)
    {
        using CancellationTokenSource cancellation = new();
        Task run = trial.RunAsync(Ids.UpTo(int.MaxValue), cancellationToken: cancellation.Token);
        await trial.Client.ReachInFlightAsync(1).ConfigureAwait(false);
        await cancellation.CancelAsync().ConfigureAwait(false);
        await Others.GoOnAsync().ConfigureAwait(false);
        trial.Client.Open();
        await AwaitEndAsync(run).ConfigureAwait(false);
    }

    // Other rules verify how the run ends.
    private static async Task AwaitEndAsync(Task run)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not TimeoutException)
        {
        }
    }
}
