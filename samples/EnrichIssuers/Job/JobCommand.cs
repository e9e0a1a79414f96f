using System.CommandLine;
using System.CommandLine.Invocation;

namespace EnrichIssuers.Job;

/// <summary>The command line of the job.</summary>
internal static class JobCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        JobOptions options = new();
        RootCommand command = new("Loads the ISINs of issuers from a service. Without options, a demonstration runs.");
        foreach (Option option in options.All)
            command.Options.Add(option);
        command.SetAction((arguments, _) => RunAsync(options, arguments));

        // Values may start with '@'.
        ParseResult arguments = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (arguments.Action is ParseErrorAction)
            return Reject(FirstProblem(arguments));

        // The job handles interruptions itself.
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
            return Reject(e.Message);
        }
    }

    // A value without an option may be the secret part of a header, so it is not shown.
    private static string FirstProblem(ParseResult arguments) => arguments.UnmatchedTokens switch
    {
        [] => arguments.Errors[0].Message,
        [['-', ..] option, ..] => $"There is no option '{option.Split('=', 2)[0]}'; --help lists all options.",
        _ => "A value does not belong to an option; quote values that contain spaces.",
    };

    private static int Reject(string problem)
    {
        Console.Error.WriteLine(problem);
        return ExitCode.WrongUsage;
    }
}
