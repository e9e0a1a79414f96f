using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;

namespace IssuerEnrichment.Benchmarks;

/// <summary>How processor time is shown.</summary>
internal sealed class CpuMetric : IMetricDescriptor
{
    public static readonly CpuMetric Instance = new();

    public string Id => "Cpu";

    public string DisplayName => "CPU";

    public string Legend => "Processor time of the process, user and kernel, for an operation";

    public string NumberFormat => "N1";

    public UnitType UnitType => UnitType.Time;

    public string Unit => "ns";

    public bool TheGreaterTheBetter => false;

    public int PriorityInCategory => 0;

    public bool GetIsAvailable(Metric metric) => true;
}
