using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Standard output: drawn on where it is a terminal, plain text where it is a file or a pipe.</summary>
internal static class DemoConsole
{
    private const int PlainWidth = 120;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;

        // Build servers' variables would turn control codes on again.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = PlainWidth;
        return console;
    }
}
