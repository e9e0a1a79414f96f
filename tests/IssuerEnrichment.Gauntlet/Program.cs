using IssuerEnrichment.Gauntlet;

return args is [LibraryProcess.Verb] ? await LibraryProcess.ServeAsync() : await GauntletCommand.Create().Parse(args).InvokeAsync();
