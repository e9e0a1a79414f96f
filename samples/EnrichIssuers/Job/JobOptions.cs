using System.CommandLine;
using System.CommandLine.Parsing;

namespace EnrichIssuers.Job;

/// <summary>The options of the command line.</summary>
internal sealed class JobOptions
{
    private readonly Option<JobSource> _source = Of(
        "--source", "NAME", "The source of the ISINs: service, gleif or gleif-file. Default: service.", OptionValue.Source);
    private readonly Option<Uri> _service = Of("--service", "URL", "The address of the service. The percent-encoded id is appended to it.", OptionValue.Service);
    private readonly Option<string> _file = new("--file") { HelpName = "FILE", Description = "GLEIF's daily file of LEIs and ISINs, optionally zipped." };
    private readonly Option<string> _ids = new("--ids") { HelpName = "FILE|-", Description = "The ids, one per line, or a .csv file with a header. Default: standard input." };
    private readonly Option<string> _idColumn = new("--id-column") { HelpName = "NAME", Description = "The column of a .csv file that contains the ids. Default: id." };
    private readonly Option<string> _out = new("--out") { HelpName = "FILE|-", Description = "The results, one JSON line for each input line. Default: standard output." };
    private readonly Option<bool> _ordered = new("--ordered") { Description = "Writes results in input order instead of as they complete." };
    private readonly Option<string> _strategy = new("--strategy") { HelpName = "NAME", Description = "The strategy: sequential, thread-pool or async. Default: async." };
    private readonly Option<ConcurrencyLimit?> _maxConcurrency = Of(
        "--max-concurrency", "N|auto", "The maximum number of concurrent lookups; auto learns it during the run. Default: 8.", OptionValue.MaxConcurrency);
    private readonly Option<RateLimit> _rate = Of("--rate", "R/PERIOD", "The rate limit, such as 100/1s. Can be repeated.", OptionValue.Rate);
    private readonly Option<int?> _attempts = Of("--attempts", "N", "The maximum number of attempts for each issuer, including the first. Default: 5.", OptionValue.Count);
    private readonly Option<TimeSpan?> _attemptTimeout = Of("--attempt-timeout", "T", "The timeout of one request, such as 500ms or 10s. Default: 10s.", OptionValue.Duration);
    private readonly Option<TimeSpan?> _deadline = Of("--deadline", "T", "The maximum duration of the run. The remaining ids end as not-attempted.", OptionValue.Duration);
    private readonly Option<string> _isinsPath = new("--isins-path") { HelpName = "PATH", Description = "The path of the ISINs in the response. Default: data.isins." };
    private readonly Option<string[]> _sectors = new("--sector") { HelpName = "NAME", Description = "A market sector of the document. Can be repeated." };
    private readonly Option<KeyValuePair<string, string>[]> _headers = Of(
        "--header", "'Name: value'", "A header of every request, such as an API key. Can be repeated.", OptionValue.Headers);
    private readonly Option<string> _journal = Of(
        "--journal", "FILE", "The journal, which preserves outcomes, even those that --out lacks. The same command resumes, and rewrites --out.", OptionValue.File);
    private readonly Option<bool> _retryFailed = new("--retry-failed") { Description = "Repeats the lookups that failed according to the journal." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Estimates requests and time, without sending a request." };
    private readonly Option<TimeSpan?> _typicalLatency = Of(
        "--typical-latency", "T", "The expected latency of a request, for --plan.", OptionValue.Duration);
    private readonly Option<string> _report = new("--report") { HelpName = "FILE", Description = "The file for the run's report, as JSON." };

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
                throw new UsageException("--service is missing: give the address of the service. Without any option, the demonstration runs."),
            { Source: JobSource.GleifFile, File: null } =>
                throw new UsageException("--file is missing: give GLEIF's daily file of LEIs and ISINs."),
            { Source: not JobSource.GleifFile, File: not null } => throw new UsageException("--file requires --source gleif-file."),
            { Source: not JobSource.Service, IsinsPath: not null } => throw new UsageException("--isins-path requires --source service."),
            { RetryFailed: true, Journal: null } => throw new UsageException("--retry-failed requires --journal."),
            { Plan: false, TypicalLatency: not null } => throw new UsageException("--typical-latency requires --plan."),
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
