using System.CommandLine;
using System.CommandLine.Parsing;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The command line's mirror of <see cref="IssuerServiceScript"/>. A fault whose option is not given is not there.</summary>
internal sealed class ScriptOptions
{
    private readonly List<Option> _all = [];
    private readonly List<Func<ParseResult, Fault?>> _faults = [];
    private readonly Option<int> _seed;
    private readonly Option<bool> _firstAttemptOnly;

    public ScriptOptions()
    {
        _seed = Add(new Option<int>("--seed") { Description = "Decides everything left to chance." });
        _firstAttemptOnly = Add(new Option<bool>("--first-attempt-only") { Description = "Only first attempts fail by chance." });

        // In the order in which a request meets them: refusals cost no latency, failures do.
        AddRateLimit();
        AddConcurrencyLimit();
        AddOutage();
        AddKnee();
        AddLatency();
        AddShare("--not-found", "issuers that are unknown (404)", share => new StatusFault(404, share) { Permanent = true });
        AddShare("--always-fails", "issuers that always get a 500", share => new StatusFault(500, share) { Permanent = true });
        AddShare("--p500", "requests that get a 500", share => new StatusFault(500, share));
        AddUnavailable();
        AddShare("--reset", "requests that have their connection reset", share => new ResetFault(share));
        AddShare("--truncated", "requests that get half of the body they were promised", share => new TruncatedFault(share));
        AddShare("--malformed", "requests that get JSON that ends half-way", share => new MalformedFault(share));
        AddShare("--html", "requests that get an HTML page with status 200", share => new HtmlFault(share));
        AddShare("--hang", "requests that are never answered", share => new HangFault(share));
        AddShare("--drip", "requests that get a byte every 200 ms", share => new DripFault(share));
        AddShare("--huge", "requests that get 64 MiB", share => new HugeFault(share));
    }

    public IEnumerable<Option> All => _all;

    public IssuerServiceScript ToScript(ParseResult arguments) => new()
    {
        Seed = arguments.GetValue(_seed),
        FaultsOnlyOnFirstAttempt = arguments.GetValue(_firstAttemptOnly),
        Faults = [.. _faults.Select(create => create(arguments)).OfType<Fault>()],
    };

    private void AddRateLimit()
    {
        Option<Rate?> rate = Add("--rate", "requests/period", "Answers 429 above this rate, such as 200/1s.", Parsing.Rate);
        Option<int?> burst = AddCount("--burst", "Requests let through at once after a rest [default: those of a period].");
        string dialects = string.Join(", ", Parsing.Dialects.Keys);
        Option<RateLimitDialect> dialect = Add("--dialect", "name", $"The headers that tell the rate: {dialects}.", Parsing.Dialect);
        _faults.Add(arguments => arguments.GetValue(rate) is { } limit
            ? new RateLimitFault(limit.Permits, limit.Period)
            {
                Burst = arguments.GetValue(burst) ?? limit.Permits,
                Dialect = arguments.GetValue(dialect),
            }
            : null);
    }

    private void AddConcurrencyLimit()
    {
        Option<int?> limit = AddCount("--max-concurrent", "Answers 503 above this many requests in flight.");
        _faults.Add(arguments => arguments.GetValue(limit) is { } value ? new ConcurrencyLimitFault(value) : null);
    }

    private void AddOutage()
    {
        Option<TimeSpan?> duration = AddDuration("--outage-for", "Fails every request for this long, once.");
        Option<int?> afterRequests = AddCount("--outage-after", "Requests let through before the outage.");
        Option<TimeSpan?> after = AddDuration("--outage-from", "Time before the outage.");
        Option<int?> status = AddCount("--outage-status", "Status during the outage [default: 503].");
        _faults.Add(arguments => arguments.GetValue(duration) is { } value
            ? new OutageFault(value)
            {
                AfterRequests = arguments.GetValue(afterRequests) ?? 0,
                After = arguments.GetValue(after) ?? TimeSpan.Zero,
                Status = arguments.GetValue(status) ?? 503,
            }
            : null);
    }

    private void AddKnee()
    {
        Option<int?> knee = AddCount("--knee", "Requests in flight above which latency grows.");
        Option<TimeSpan?> step = AddDuration("--knee-step", "Extra latency for each request above the knee [default: 10ms].");
        Option<int?> then = AddCount("--knee-then", "Where the knee moves.");
        Option<TimeSpan?> after = AddDuration("--knee-after", "When it does [default: 5s].");
        _faults.Add(arguments => arguments.GetValue(knee) is { } value
            ? Move(new KneeFault(value, arguments.GetValue(step) ?? TimeSpan.FromMilliseconds(10)), arguments.GetValue(then), arguments.GetValue(after))
            : null);

        static KneeFault Move(KneeFault fault, int? then, TimeSpan? after) =>
            then is { } knee ? fault.MovingTo(knee, after ?? TimeSpan.FromSeconds(5)) : fault;
    }

    private void AddLatency()
    {
        Option<TimeSpan?> median = AddDuration("--latency", "Time to answer, such as 50ms.");
        Option<double> spread = Add("--latency-spread", "sigma", "Makes the latency log-normal, such as 0.5.", Parsing.Number);
        _faults.Add(arguments => arguments.GetValue(median) is { } value
            ? new LatencyFault(value) { Spread = arguments.GetValue(spread) }
            : null);
    }

    private void AddUnavailable()
    {
        Option<TimeSpan?> retryAfter = AddDuration("--retry-after", "The Retry-After of the 503s.");
        AddShare("--p503", "requests that get a 503", (share, arguments) => new StatusFault(503, share)
        {
            RetryAfter = arguments.GetValue(retryAfter),
        });
    }

    private void AddShare(string name, string victims, Func<double, Fault> create) =>
        AddShare(name, victims, (share, _) => create(share));

    private void AddShare(string name, string victims, Func<double, ParseResult, Fault> create)
    {
        Option<double> option = Add(name, "share", $"The share, from 0 to 1, of {victims}.", Parsing.Share);
        _faults.Add(arguments => arguments.GetValue(option) is > 0 and var share ? create(share, arguments) : null);
    }

    private Option<TimeSpan?> AddDuration(string name, string description) => Add(name, "time", description, Parsing.Duration);

    private Option<int?> AddCount(string name, string description) => Add(name, "count", description, Parsing.Count);

    private Option<T> Add<T>(string name, string value, string description, Func<ArgumentResult, T?> parse) =>
        Add(new Option<T>(name) { HelpName = value, Description = description, CustomParser = parse });

    private T Add<T>(T option)
        where T : Option
    {
        _all.Add(option);
        return option;
    }
}
