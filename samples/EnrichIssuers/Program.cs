using EnrichIssuers.Job;

return await JobCommand.RunAsync(args);
