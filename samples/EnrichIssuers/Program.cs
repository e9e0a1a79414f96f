using EnrichIssuers;
using EnrichIssuers.Demo;
using EnrichIssuers.Job;

StandardStreams.Guard();
try
{
    return args.Length == 0 ? await Demonstration.RunAsync() : await JobCommand.RunAsync(args);
}
catch (OutputException e)
{
    if (!e.IsReaderGone)
        Console.Error.WriteLine(e.Message);
    return ExitCode.SomeMissing;
}
