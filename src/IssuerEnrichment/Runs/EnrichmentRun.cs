namespace IssuerEnrichment.Runs;

/// <summary>A run as its consumer sees it. Orders the outcomes if required, and counts them.</summary>
internal sealed class EnrichmentRun(IAsyncEnumerable<string?> issuerIds, RunPlan plan) : IEnrichmentRun
{
    // A few microseconds: .NET calibrates an iteration to take about the same time on every machine.
    private const int RestIterations = 200;

    private readonly RunTally _tally = new(plan.TimeProvider, plan.MaxLookups, (issuerIds as ListSequence)?.Count);
    private StrategyRun? _run;
    private int _isStarted;

    public EnrichmentReport Report => _tally.ToReport(_run?.Admitted ?? 0, _run?.Journaled ?? TimeSpan.Zero);

    public async IAsyncEnumerator<EnrichmentOutcome> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
            throw new InvalidOperationException("A run can be enumerated once; start another one with Stream.");

        using IDisposable? span = plan.Environment.Telemetry.BeginRun(plan.Strategy.Name, plan.MaxConcurrency);
        StrategyRun run = new(issuerIds, plan, _tally.Start, cancellationToken);
        _run = run;
        await using (run.ConfigureAwait(false))
        {
            run.Start();
            Reordering? order = plan.Options.Ordered ? new Reordering() : null;
            while (true)
            {
                ValueTask<bool> wait = run.WaitAsync();
                bool isFast = wait.IsCompleted;
                if (!await wait.ConfigureAwait(false))
                    break;
                while (order is null ? run.TryTake(out EnrichmentOutcome? outcome) : order.TryTake(run, out outcome))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    run.ReleaseInput();
                    _tally.Add(outcome);
                    plan.Options.Progress?.Report(_tally.ToProgress());
                    yield return outcome;
                }

                // Outcomes arrive faster than the consumer takes them. Spin briefly, so that the next wait finds several: waking the consumer for
                // each one costs more than the lookup itself.
                if (isFast)
                    Thread.SpinWait(RestIterations);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        _tally.Stop();
        plan.Environment.Telemetry.RunEnded(Report);
    }
}
