using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Runs all peers and prints their figures beside each other.</summary>
internal static class PeerComparison
{
    /// <param name="arguments">Those of BenchmarkDotNet; none is a short job in this process, without a filter it is all peers.</param>
    /// <returns>An exit code: 1 if a peer failed.</returns>
    public static int Run(string[] arguments)
    {
        Summary[] summaries = [.. BenchmarkSwitcher
            .FromTypes([typeof(PeersInMemoryBenchmark), typeof(PeersLoopbackBenchmark)])
            .Run([
                .. arguments.Contains("--filter") ? Array.Empty<string>() : ["--filter", "*"],
                .. arguments is [] ? ["--job", "short", "-i"] : arguments,
            ])];
        foreach (Summary summary in summaries)
        {
            bool isLoopback = summary.BenchmarksCases[0].Descriptor.Type == typeof(PeersLoopbackBenchmark);
            Console.WriteLine();
            Console.WriteLine(isLoopback ? "Over HTTP on loopback:" : "In memory:");
            Console.WriteLine();
            foreach (string line in new PeerTable(summary, isLoopback ? PeerColumn.Loopback : PeerColumn.InMemory).Lines())
                Console.WriteLine(line);
        }

        return summaries.Length > 0 && summaries.All(summary => summary.BenchmarksCases.All(peer => summary[peer]?.Success == true)) ? 0 : 1;
    }
}
