using System.Diagnostics;
using System.Reflection;

namespace IssuerEnrichment.TestServiceHost;

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

    /// <summary>Starts a service with these options of its command line; none make it answer everything correctly and at once.</summary>
    public static ServiceProcess Start(params IEnumerable<string> options)
    {
        string service = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Service").Value!;
        ProcessStartInfo start = new("dotnet", [service, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
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
