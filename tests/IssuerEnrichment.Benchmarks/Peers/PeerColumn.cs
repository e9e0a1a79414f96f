using BenchmarkDotNet.Reports;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A figure of a peer.</summary>
/// <param name="Title">Its name and unit.</param>
/// <param name="Format">How it is written.</param>
/// <param name="MoreIsBetter">Whether the largest wins, or the smallest.</param>
/// <param name="Read">Takes it from the peer's report and from that of the baseline.</param>
internal sealed record PeerColumn(string Title, string Format, bool MoreIsBetter, Func<BenchmarkReport, BenchmarkReport, double> Read)
{
    public static readonly PeerColumn[] InMemory =
    [
        new("µs", "N2", false, (peer, _) => Nanoseconds(peer) / 1_000),
        new("ratio", "N2", false, (peer, baseline) => Nanoseconds(peer) / Nanoseconds(baseline)),
        new("bytes", "N0", false, (peer, _) => peer.GcStats.GetBytesAllocatedPerOperation(peer.BenchmarkCase) ?? double.NaN),
    ];

    public static readonly PeerColumn[] Loopback =
    [
        new("lookups/s", "N0", true, (peer, _) => 1e9 / Nanoseconds(peer)),
        new("ratio", "N2", true, (peer, baseline) => Nanoseconds(baseline) / Nanoseconds(peer)),
        new("CPU µs", "N1", false, (peer, _) => Cpu(peer) / 1_000),
        new("ratio", "N2", false, (peer, baseline) => Cpu(peer) / Cpu(baseline)),
    ];

    private static double Nanoseconds(BenchmarkReport report) => report.ResultStatistics!.Mean;

    private static double Cpu(BenchmarkReport report) => report.Metrics[CpuMetric.Instance.Id].Value;
}
