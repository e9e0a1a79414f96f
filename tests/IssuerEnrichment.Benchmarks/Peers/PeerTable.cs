using System.Globalization;
using BenchmarkDotNet.Reports;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>A line for each peer, its figures for each number of lookups at once, the best of each column in bold.</summary>
internal sealed class PeerTable(Summary summary, PeerColumn[] columns)
{
    private readonly ILookup<string, BenchmarkReport> _reports = summary.Reports
        .Where(report => report is { Success: true, ResultStatistics: not null })
        .ToLookup(report => (string)report.BenchmarkCase.Parameters[nameof(PeersBenchmark.Peer)]);

    private readonly int[] _limits =
        [.. summary.BenchmarksCases.Select(peer => (int)peer.Parameters[nameof(PeersInMemoryBenchmark.AtOnce)]).Distinct().Order()];

    public IEnumerable<string> Lines()
    {
        string[] peers = [.. PeerCatalog.Names.Where(_reports.Contains)];
        string[][] figures = [.. _limits.SelectMany(limit => columns.Select(column => Figures(column, limit, peers)))];
        yield return Line("", _limits.SelectMany(limit =>
            columns.Select((column, i) => i == 0 ? $"{limit.ToString("N0", CultureInfo.InvariantCulture)} at once, {column.Title}" : column.Title)));
        yield return "|---|" + string.Concat(figures.Select(_ => "--:|"));
        for (int i = 0; i < peers.Length; i++)
            yield return Line(peers[i], figures.Select(column => column[i]));
    }

    private static string Line(string first, IEnumerable<string> cells) => $"| {first} | {string.Join(" | ", cells)} |";

    private string[] Figures(PeerColumn column, int limit, string[] peers)
    {
        BenchmarkReport? baseline = ReportOf(HandWrittenPeer.Title, limit);
        double[] figures = [.. peers.Select(peer =>
            baseline is not null && ReportOf(peer, limit) is { } report ? column.Read(report, baseline) : double.NaN)];
        double[] known = [.. figures.Where(double.IsFinite).DefaultIfEmpty()];
        string best = Text(column.MoreIsBetter ? known.Max() : known.Min());
        return [.. figures.Select(Text).Select(figure => figure == best ? $"**{figure}**" : figure)];

        string Text(double figure) => double.IsFinite(figure) ? figure.ToString(column.Format, CultureInfo.InvariantCulture) : "-";
    }

    private BenchmarkReport? ReportOf(string peer, int limit) =>
        _reports[peer].SingleOrDefault(report => (int)report.BenchmarkCase.Parameters[nameof(PeersInMemoryBenchmark.AtOnce)] == limit);
}
