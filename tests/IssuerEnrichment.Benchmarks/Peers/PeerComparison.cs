using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace IssuerEnrichment.Benchmarks.Peers;

/// <summary>Runs all peers and prints their figures beside each other.</summary>
internal static class PeerComparison
{
    // Each case in a process of its own and well warmed up: in one, those that come last find their shared code compiled.
    private static readonly string[] Fair = ["--job", "short", "--warmupCount", "15", "--iterationCount", "7"];

    /// <param name="arguments">Those of BenchmarkDotNet instead of ours; without a filter all peers run.</param>
    /// <returns>An exit code: 1 if a peer failed.</returns>
    public static int Run(string[] arguments)
    {
        Summary[] summaries = [.. BenchmarkSwitcher
            .FromTypes([typeof(PeersInMemoryBenchmark), typeof(PeersLoopbackBenchmark)])
            .Run([
                .. arguments.Contains("--filter") ? Array.Empty<string>() : ["--filter", "*"],
                .. arguments is [] ? Fair : arguments,
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
