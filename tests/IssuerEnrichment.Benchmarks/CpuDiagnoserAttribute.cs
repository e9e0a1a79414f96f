using BenchmarkDotNet.Configs;

namespace IssuerEnrichment.Benchmarks;

/// <summary>Adds a column with the processor time of an operation.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CpuDiagnoserAttribute : Attribute, IConfigSource
{
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddDiagnoser(new CpuDiagnoser());
}
