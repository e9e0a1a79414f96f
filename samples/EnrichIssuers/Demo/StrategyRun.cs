namespace EnrichIssuers.Demo;

/// <summary>The run of one strategy, with its result and its requests.</summary>
internal sealed record StrategyRun(string Strategy, DocumentEnrichmentResult Result, IReadOnlyList<RecordedRequest> Requests)
{
    public TimeSpan Elapsed => Result.Report.Elapsed;

    /// <summary>The highest number of concurrent requests.</summary>
    public int MaxInFlight => Requests.Max(one => Requests.Count(other => other.Start <= one.Start && one.Start < other.End));

    public int OwnThreads => ThreadsThat(areShared: false);

    public int SharedThreads => ThreadsThat(areShared: true);

    private int ThreadsThat(bool areShared) =>
        Requests.Where(request => request.IsSharedThread == areShared).Select(request => request.Thread).Distinct().Count();
}
