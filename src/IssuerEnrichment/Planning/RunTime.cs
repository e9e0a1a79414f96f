using IssuerEnrichment.Runs;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Planning;

/// <summary>What requests take, by the rate limit, by how many are under way at a time, and by the latency of each.</summary>
/// <param name="run">The run.</param>
/// <param name="latency">What an answer takes; null where it is not known.</param>
internal sealed class RunTime(RunPlan run, TimeSpan? latency)
{
    public bool IsLatencyKnown => latency is not null;

    /// <summary>The least, whatever the service takes: the last request may not start before.</summary>
    public TimeSpan Least(long requests) => run.Source.Pace?.LeastTime(requests) ?? TimeSpan.Zero;

    /// <summary>What is to be expected; null where nothing is known that takes time.</summary>
    public TimeSpan? Expected(long requests)
    {
        TimeSpan paced = Least(requests);
        if (requests == 0)
            return TimeSpan.Zero;
        return latency is { } each ? Longer(paced, InTurn(requests)) + each : run.Source.Pace is null ? null : paced;
    }

    public RunLimit LimitOf(long requests)
    {
        TimeSpan paced = Least(requests);
        return paced > TimeSpan.Zero && paced >= InTurn(requests) ? RunLimit.Rate
            : requests > run.MaxConcurrency ? RunLimit.Concurrency
            : RunLimit.Service;
    }

    /// <summary>Adds what requests take to what they are.</summary>
    public PlannedRequests Of(RequestEstimate estimate) =>
        new(estimate.Way, estimate.Least, estimate.Expected, Least(estimate.Least), Expected(estimate.Expected));

    // Until the last one has a place.
    private TimeSpan InTurn(long requests) => new(Periods.Times(Math.Max(0, requests - 1) / run.MaxConcurrency, latency?.Ticks ?? 0));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
