using System.CommandLine;
using System.CommandLine.Parsing;
using LeiReport;

Argument<FileInfo> input = new Argument<FileInfo>("input") { Description = "A CSV file with a column 'lei'." }.AcceptExistingOnly();
Argument<FileInfo> output = new("output") { Description = "The CSV file to write." };
Option<Uri?> service = new("--service") { Description = "Where GLEIF's API is. Default: api.gleif.org.", CustomParser = ReadAddress };
Option<RateLimit?> rate = new("--rate") { Description = "Requests per period. Default: 60/1m, GLEIF's limit.", CustomParser = ReadRate };
RootCommand command = new("Asks GLEIF for each LEI of a file and writes its name, how many ISINs it has, whether that is all, and its type.")
{
    input, output, service, rate,
};
command.SetAction((arguments, stop) => Report.WriteAsync(
    arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), arguments.GetValue(service), arguments.GetValue(rate), stop));
return await command.Parse(args).InvokeAsync();

static Uri? ReadAddress(ArgumentResult argument)
{
    if (Uri.TryCreate(argument.Tokens.Single().Value, UriKind.Absolute, out Uri? address) && address.Scheme.StartsWith("http", StringComparison.Ordinal))
        return address;
    argument.AddError("--service is not an absolute http or https address.");
    return null;
}

static RateLimit? ReadRate(ArgumentResult argument)
{
    if (RateLimit.TryParse(argument.Tokens.Single().Value, null, out RateLimit? limit))
        return limit;
    argument.AddError("--rate is not a rate such as 60/1m.");
    return null;
}
