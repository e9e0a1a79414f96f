using System.Diagnostics;
using System.Reflection;

namespace IssuerEnrichment.Benchmarks;

/// <summary>An issuer service on loopback in a process of its own, so that its work is not counted as that of its callers.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Ready = "listening ";

    private readonly Process _process;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static ServiceProcess Start()
    {
        string service = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Service").Value!;
        Process process = Process.Start(new ProcessStartInfo("dotnet", [service]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The service did not start.");
        return new ServiceProcess(process, new Uri(line[Ready.Length..]));
    }

    /// <summary>It ends by itself when its input does.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
