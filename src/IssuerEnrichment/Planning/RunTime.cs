using IssuerEnrichment.Runs;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Planning;

/// <summary>Estimates the duration of requests from the rate limit, the concurrency and the latency.</summary>
/// <param name="run">The run.</param>
/// <param name="latency">The expected latency; null if it is unknown.</param>
internal sealed class RunTime(RunPlan run, TimeSpan? latency)
{
    public bool IsLatencyKnown => latency is not null;

    /// <summary>The minimum duration, even if the service answers instantly: the last request cannot start earlier.</summary>
    public TimeSpan Least(long requests) => run.Source.Pace?.LeastTime(requests) ?? TimeSpan.Zero;

    /// <summary>The expected duration; null if neither the rate limit nor the latency is known.</summary>
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

    /// <summary>Adds the durations to an estimate of requests.</summary>
    public PlannedRequests Of(RequestEstimate estimate) =>
        new(estimate.Way, estimate.Least, estimate.Expected, Least(estimate.Least), Expected(estimate.Expected));

    // Until the last request gets a slot.
    private TimeSpan InTurn(long requests) => new(Periods.Times(Math.Max(0, requests - 1) / run.MaxConcurrency, latency?.Ticks ?? 0));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
