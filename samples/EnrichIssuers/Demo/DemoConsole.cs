using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>Creates the console: with control codes on a terminal, plain text for a file or a pipe.</summary>
internal static class DemoConsole
{
    private const int PlainWidth = 120;

    public static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;

        // Without enrichers, because the environment variables of build servers would enable control codes again.
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
