using IssuerEnrichment.TestServiceHost;

return await ServiceCommand.Create().Parse(args).InvokeAsync();
