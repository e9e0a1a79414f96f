using System.Diagnostics;
using BenchmarkDotNet.Analysers;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;

namespace IssuerEnrichment.Benchmarks;

/// <summary>The processor time of the benchmark's process, user and kernel, for an operation of the measured iterations.</summary>
/// <remarks>The kernel counts it in hundredths of a second, so it means something for runs of a second or more.</remarks>
internal sealed class CpuDiagnoser : IDiagnoser
{
    private TimeSpan _used;

    public IEnumerable<string> Ids => [nameof(CpuDiagnoser)];

    public IEnumerable<IExporter> Exporters => [];

    public IEnumerable<IAnalyser> Analysers => [];

    public RunMode GetRunMode(BenchmarkCase benchmarkCase) => RunMode.NoOverhead;

    public void Handle(HostSignal signal, DiagnoserActionParameters parameters)
    {
        if (signal == HostSignal.BeforeActualRun)
            _used = -UsedBy(parameters.Process);
        else if (signal == HostSignal.AfterActualRun)
            _used += UsedBy(parameters.Process);
    }

    public IEnumerable<Metric> ProcessResults(DiagnoserResults results)
    {
        long operations = results.Measurements
            .Where(measurement => measurement is { IterationMode: IterationMode.Workload, IterationStage: IterationStage.Actual })
            .Sum(measurement => measurement.Operations);
        yield return new Metric(CpuMetric.Instance, _used.TotalNanoseconds / operations);
    }

    public void DisplayResults(ILogger logger)
    {
    }

    public IEnumerable<ValidationError> Validate(ValidationParameters validationParameters) => [];

    private static TimeSpan UsedBy(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
