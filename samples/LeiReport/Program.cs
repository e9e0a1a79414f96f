using System.CommandLine;
using LeiReport;

Argument<FileInfo> input = new("input") { Description = "A CSV file with a column 'lei'." };
Argument<FileInfo> output = new("output") { Description = "The CSV file to write." };
Option<Uri?> service = new("--service") { Description = "Where GLEIF's API is. Default: api.gleif.org.", CustomParser = argument => new Uri(argument.Tokens.Single().Value) };
Option<string?> rate = new("--rate") { Description = "Requests per period. Default: 60/1m, GLEIF's limit." };
RootCommand command = new("Asks GLEIF for each LEI of a file and writes its name, how many ISINs it has, whether that is all, and its type.")
{
    input, output, service, rate,
};
command.SetAction((arguments, stop) => Report.WriteAsync(
    arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), arguments.GetValue(service), arguments.GetValue(rate), stop));
return await command.Parse(args).InvokeAsync();
