using System.CommandLine;
using System.CommandLine.Parsing;

namespace EnrichIssuers.Job;

/// <summary>The options of the command line.</summary>
internal sealed class JobOptions
{
    private readonly Option<JobSource> _source = Of(
        "--source", "NAME", "service, gleif or gleif-file: who knows the ISINs. Default: service.", OptionValue.Source);
    private readonly Option<Uri> _service = Of("--service", "URL", "The issuer service; the id, percent-encoded, is appended.", OptionValue.Service);
    private readonly Option<string> _file = new("--file") { HelpName = "FILE", Description = "GLEIF's daily file of LEIs and ISINs, zipped or not." };
    private readonly Option<string> _ids = new("--ids") { HelpName = "FILE|-", Description = "One id a line; .csv with a header. Default: standard input." };
    private readonly Option<string> _idColumn = new("--id-column") { HelpName = "NAME", Description = "The column of a .csv that holds the ids. Default: id." };
    private readonly Option<string> _out = new("--out") { HelpName = "FILE|-", Description = "One JSON line for each input line. Default: standard output." };
    private readonly Option<bool> _ordered = new("--ordered") { Description = "Results in input order instead of as they finish." };
    private readonly Option<string> _strategy = new("--strategy") { HelpName = "NAME", Description = "sequential, thread-pool or async. Default: async." };
    private readonly Option<ConcurrencyLimit?> _maxConcurrency = Of(
        "--max-concurrency", "N|auto", "Lookups at once; auto: found while running. Default: 8.", OptionValue.MaxConcurrency);
    private readonly Option<RateLimit> _rate = Of("--rate", "R/PERIOD", "Requests per period, such as 100/1s; may be given again.", OptionValue.Rate);
    private readonly Option<int?> _attempts = Of("--attempts", "N", "Attempts for each issuer, the first included. Default: 5.", OptionValue.Count);
    private readonly Option<TimeSpan?> _attemptTimeout = Of("--attempt-timeout", "T", "Time for one request, such as 500ms or 10s. Default: 10s.", OptionValue.Duration);
    private readonly Option<TimeSpan?> _deadline = Of("--deadline", "T", "Time for the whole run; what is left then is not-attempted.", OptionValue.Duration);
    private readonly Option<string> _isinsPath = new("--isins-path") { HelpName = "PATH", Description = "Where the ISINs sit in the answer. Default: data.isins." };
    private readonly Option<string[]> _sectors = new("--sector") { HelpName = "NAME", Description = "A market sector of the document; may be given again." };
    private readonly Option<KeyValuePair<string, string>[]> _headers = Of(
        "--header", "'Name: value'", "Sent with every request, such as an API key; may be given again.", OptionValue.Headers);
    private readonly Option<string> _journal = Of(
        "--journal", "FILE", "Outcomes survive a crash, even those that --out lacks; the same command resumes, and rewrites --out.", OptionValue.File);
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Asks again for those that failed by the journal." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Says what the job would take, and sends no request." };
    private readonly Option<TimeSpan?> _typicalLatency = Of(
        "--typical-latency", "T", "What an answer takes, as far as is known; for --plan.", OptionValue.Duration);
    private readonly Option<string> _report = new("--report") { HelpName = "FILE", Description = "Writes the run's report as JSON." };

    public JobOptions()
    {
        _rate.Arity = _headers.Arity = ArgumentArity.OneOrMore;
    }

    public IReadOnlyList<Option> All =>
    [
        _source, _service, _file, _ids, _idColumn, _out, _ordered, _strategy, _maxConcurrency, _rate, _attempts, _attemptTimeout, _deadline,
        _isinsPath, _sectors, _headers, _journal, _retryFailed, _report, _plan, _typicalLatency,
    ];

    public JobSettings Read(ParseResult arguments)
    {
        JobSettings settings = ReadAll(arguments);
        return settings switch
        {
            { Source: JobSource.Service, Service: null } =>
                throw new UsageException("--service is missing: it is the address of the issuer service. Without any option the demonstration runs."),
            { Source: JobSource.GleifFile, File: null } =>
                throw new UsageException("--file is missing: it is GLEIF's daily file of LEIs and ISINs."),
            { Source: not JobSource.GleifFile, File: not null } => throw new UsageException("--file goes with --source gleif-file only."),
            { Source: not JobSource.Service, IsinsPath: not null } => throw new UsageException("--isins-path goes with a service of your own only."),
            { RetryFailed: true, Journal: null } => throw new UsageException("--retry-failed goes with --journal only."),
            { Plan: false, TypicalLatency: not null } => throw new UsageException("--typical-latency goes with --plan only."),
            _ => settings,
        };
    }

    private JobSettings ReadAll(ParseResult arguments) => new()
    {
        Source = arguments.GetValue(_source),
        Service = arguments.GetValue(_service),
        File = arguments.GetValue(_file),
        Ids = arguments.GetValue(_ids) ?? "-",
        Out = arguments.GetValue(_out) ?? "-",
        IdColumn = arguments.GetValue(_idColumn),
        Journal = arguments.GetValue(_journal),
        RetryFailed = arguments.GetValue(_retryFailed),
        Report = arguments.GetValue(_report),
        Plan = arguments.GetValue(_plan),
        TypicalLatency = arguments.GetValue(_typicalLatency),
        Ordered = arguments.GetValue(_ordered),
        Strategy = arguments.GetValue(_strategy),
        MaxConcurrency = arguments.GetValue(_maxConcurrency),
        Rate = arguments.GetValue(_rate),
        Attempts = arguments.GetValue(_attempts),
        AttemptTimeout = arguments.GetValue(_attemptTimeout),
        Deadline = arguments.GetValue(_deadline),
        IsinsPath = arguments.GetValue(_isinsPath),
        Sectors = arguments.GetValue(_sectors) ?? [],
        Headers = arguments.GetValue(_headers) ?? [],
    };

    private static Option<T> Of<T>(string name, string value, string description, Func<ArgumentResult, T?> parse) =>
        new(name) { HelpName = value, Description = description, CustomParser = parse };
}
