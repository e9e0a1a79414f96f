using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using LeiReport;
using Microsoft.Extensions.Options;

const int WrongUsage = 2;

Argument<string> input = new("input") { Description = "A CSV file with a column 'lei'." };
Argument<string> output = new("output") { Description = "The CSV file to write." };
Option<Uri?> service = new("--service") { Description = "The address of GLEIF's API. Default: api.gleif.org.", CustomParser = ReadAddress };
Option<RateLimit?> rate = new("--rate") { Description = "The rate limit. Default: 60/1m, GLEIF's limit.", CustomParser = ReadRate };
RootCommand command = new("Looks up the LEIs of a file at GLEIF, and writes name, number of ISINs, completeness and type for each.")
{
    input, output, service, rate,
};
command.SetAction((arguments, stop) => Report.WriteAsync(
    arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), arguments.GetValue(service), arguments.GetValue(rate), stop));

ParseResult parsed = command.Parse(args);
if (parsed.Action is ParseErrorAction)
    return Reject(parsed.Errors[0].Message);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is UsageException or OptionsValidationException or IOException)
{
    return Reject(e.Message);
}

static int Reject(string problem)
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
