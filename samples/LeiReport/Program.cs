using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using LeiReport;
using Microsoft.Extensions.Options;

const int WrongUsage = 2;

Argument<string> input = new("input") { Description = "A CSV file with a column 'lei'." };
Argument<string> output = new("output") { Description = "The CSV file to write." };
Option<Uri?> service = new("--service") { Description = "Where GLEIF's API is. Default: api.gleif.org.", CustomParser = ReadAddress };
Option<RateLimit?> rate = new("--rate") { Description = "Requests per period. Default: 60/1m, GLEIF's limit.", CustomParser = ReadRate };
RootCommand command = new("Asks GLEIF for each LEI of a file and writes its name, how many ISINs it has, whether that is all, and its type.")
{
    input, output, service, rate,
};
command.SetAction((arguments, stop) => Report.WriteAsync(
    arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), arguments.GetValue(service), arguments.GetValue(rate), stop));

ParseResult parsed = command.Parse(args);
if (parsed.Action is ParseErrorAction)
    return Refuse(parsed.Errors[0].Message);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is UsageException or OptionsValidationException or IOException)
{
    return Refuse(e.Message);
}

static int Refuse(string problem)
{
    Console.Error.WriteLine(problem);
    return WrongUsage;
}

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
