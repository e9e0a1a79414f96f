using BenchmarkDotNet.Running;
using IssuerEnrichment.Benchmarks.Peers;

if (args is ["peers", .. string[] arguments])
    return PeerComparison.Run(arguments);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
