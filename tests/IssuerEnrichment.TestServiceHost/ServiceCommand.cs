using System.CommandLine;
using IssuerEnrichment.Testing;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>Runs an <see cref="IssuerTestService"/> until standard input closes, or on Ctrl+C or SIGTERM.</summary>
internal static class ServiceCommand
{
    public static RootCommand Create()
    {
        ScriptOptions options = new();
        RootCommand command = new("An issuer service on loopback that misbehaves as told. Stops when its standard input closes.");
        foreach (Option option in options.All)
            command.Options.Add(option);

        command.SetAction((arguments, cancellationToken) => RunAsync(options.ToScript(arguments), cancellationToken));
        return command;
    }

    private static async Task RunAsync(IssuerServiceScript script, CancellationToken cancellationToken)
    {
        await using IssuerTestService service = await IssuerTestService.StartAsync(script, cancellationToken);
        Console.WriteLine($"listening {service.BaseAddress}");

        // Reading standard input blocks and hears no cancellation, so it waits on a thread that is left behind.
        Task closed = Task.Run(() => Console.OpenStandardInput().CopyTo(Stream.Null), CancellationToken.None);
        await Task.WhenAny(closed, Task.Delay(Timeout.Infinite, cancellationToken));
    }
}
