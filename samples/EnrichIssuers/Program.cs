using EnrichIssuers.Demo;
using EnrichIssuers.Job;

return args.Length == 0 ? await Demonstration.RunAsync() : await JobCommand.RunAsync(args);
