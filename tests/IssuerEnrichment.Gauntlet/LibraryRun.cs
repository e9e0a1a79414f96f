using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Carries out a plan through the public API: the registration, the enricher and its outcomes.</summary>
internal sealed class LibraryRun(RunPlan plan)
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _outcomesAt = [];
    private long _startedAt;
    private int _enriched;
    private int _failed;

    public async Task<RunResult> RunAsync()
    {
        using RunLog log = new(plan.Logs);
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.None).AddFilter("IssuerEnrichment", LogLevel.Information));
        services.AddIssuerEnrichment(Configure).AddHttpIssuerClient(options => options.BaseAddress = plan.Service);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IIssuerEnricher enricher = provider.GetRequiredService<IIssuerEnricher>();

        _startedAt = TimeProvider.System.GetTimestamp();
        using CancellationTokenSource stop = new(plan.StopAfter);
        using IEnumerator<string[]> batches = plan.IssuerIds().Chunk(plan.IdsPerRun).GetEnumerator();
        await Task.WhenAll(Enumerable.Range(0, plan.Workers).Select(_ => WorkAsync(enricher, batches, stop.Token)));

        TimeSpan end = TimeProvider.System.GetElapsedTime(_startedAt);
        TimeSpan most = _outcomesAt.Count < plan.Ids ? TimeSpan.Zero : _outcomesAt[plan.Ids * 95 / 100];
        return new RunResult(end.TotalSeconds, (end - most).TotalSeconds, _enriched, _failed, log.Outages);
    }

    private void Configure(IssuerEnrichmentOptions options)
    {
        options.MaxConcurrency = ConcurrencyLimit.Parse(plan.MaxConcurrency);
        options.RateLimit = plan.RateLimit is null ? null : RateLimit.Parse(plan.RateLimit);
        options.Timeout.Attempt = plan.AttemptTimeout ?? options.Timeout.Attempt;
        options.Retry.MaxAttempts = plan.MaxAttempts ?? options.Retry.MaxAttempts;
    }

    private async Task WorkAsync(IIssuerEnricher enricher, IEnumerator<string[]> batches, CancellationToken stop)
    {
        try
        {
            while (Next(batches) is { } batch)
                await foreach (EnrichmentOutcome outcome in enricher.Stream(batch, new() { Deadline = plan.Deadline }).WithCancellation(stop))
                    Count(outcome.Status);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private string[]? Next(IEnumerator<string[]> batches)
    {
        lock (_lock)
            return batches.MoveNext() ? batches.Current : null;
    }

    private void Count(EnrichmentStatus status)
    {
        lock (_lock)
        {
            _outcomesAt.Add(TimeProvider.System.GetElapsedTime(_startedAt));
            _enriched += status == EnrichmentStatus.Enriched ? 1 : 0;
            _failed += status == EnrichmentStatus.Failed ? 1 : 0;
        }
    }
}
