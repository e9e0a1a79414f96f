using System.Diagnostics;
using System.Text.Json;

namespace IssuerEnrichment.Gauntlet;

/// <summary>Runs one plan in a new process of this program, because the library's cold start is part of the measurement.</summary>
internal static class LibraryProcess
{
    /// <summary>The argument that tells the program to be that process.</summary>
    public const string Verb = "--carry-out-the-plan-on-standard-input";

    public static async Task<RunResult> RunAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [typeof(LibraryProcess).Assembly.Location, Verb])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan));
            process.StandardInput.Close();
            TimeSpan patience = (2 * plan.StopAfter) + TimeSpan.FromSeconds(10);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(patience, cancellationToken);
            return JsonSerializer.Deserialize<RunResult>(output)!;
        }
        catch (Exception e) when (e is TimeoutException or JsonException)
        {
            // A process that crashed or does not stop has no result; the other rows are still to be measured.
            return new RunResult(plan.StopAfter.TotalSeconds, TailSeconds: 0, Enriched: 0, Failed: 0, Outages: 0);
        }
        finally
        {
            process.Kill();
        }
    }

    public static async Task<int> ServeAsync()
    {
        RunPlan plan = JsonSerializer.Deserialize<RunPlan>(Console.ReadLine()!)!;
        Console.WriteLine(JsonSerializer.Serialize(await new LibraryRun(plan).RunAsync()));
        return 0;
    }
}
