namespace EnrichIssuers.Demo;

/// <summary>What one strategy did, and what was seen of it.</summary>
internal sealed record StrategyRun(string Strategy, DocumentEnrichmentResult Result, IReadOnlyList<RecordedRequest> Requests)
{
    public TimeSpan Elapsed => Result.Report.Elapsed;

    /// <summary>The most requests that were under way at one moment.</summary>
    public int PeakAtOnce => Requests.Max(one => Requests.Count(other => other.Start <= one.Start && one.Start < other.End));

    public int OwnThreads => ThreadsThat(areShared: false);

    public int SharedThreads => ThreadsThat(areShared: true);

    private int ThreadsThat(bool areShared) =>
        Requests.Where(request => request.IsSharedThread == areShared).Select(request => request.Thread).Distinct().Count();
}
