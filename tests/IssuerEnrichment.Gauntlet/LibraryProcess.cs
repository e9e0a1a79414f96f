using System.Diagnostics;
using System.Text.Json;

namespace IssuerEnrichment.Gauntlet;

/// <summary>This program again, in a process of its own that carries out one plan: what is cold at a start is a part of what is measured.</summary>
internal static class LibraryProcess
{
    /// <summary>The argument by which the program knows that it is that process.</summary>
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
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken)
                .WaitAsync((2 * plan.StopAfter) + TimeSpan.FromSeconds(10), cancellationToken);
            return JsonSerializer.Deserialize<RunResult>(output)!;
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
