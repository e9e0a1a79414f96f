using System.CommandLine;
using System.CommandLine.Invocation;

namespace EnrichIssuers.Job;

/// <summary>The command line of the real job.</summary>
internal static class JobCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        JobOptions options = new();
        RootCommand command = new("Loads the ISINs of issuers from a service. Without any option: a demonstration.");
        foreach (Option option in options.All)
            command.Options.Add(option);
        command.SetAction((arguments, _) => RunAsync(options, arguments));

        // A value may begin with '@'.
        ParseResult arguments = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments.Action is ParseErrorAction)
            return Refuse(FirstProblem(arguments));

        // The job ends in its own time when interrupted.
        return await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> RunAsync(JobOptions options, ParseResult arguments)
    {
        try
        {
            return await EnrichmentJob.RunAsync(options.Read(arguments));
        }
        catch (Exception e) when (e is UsageException or EnrichmentJournalException)
        {
            return Refuse(e.Message);
        }
    }

    // A value that stands alone may be the secret half of a header, so it is not shown.
    private static string FirstProblem(ParseResult arguments) => arguments.UnmatchedTokens switch
    {
        [] => arguments.Errors[0].Message,
        [['-', ..] option, ..] => $"There is no option '{option.Split('=', 2)[0]}'; --help lists those there are.",
        _ => "A value belongs to no option; put values that hold spaces into quotes.",
    };

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine(problem);
        return ExitCode.WrongUsage;
    }
}
