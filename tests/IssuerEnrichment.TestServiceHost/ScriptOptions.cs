using System.CommandLine;
using IssuerEnrichment.Testing;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The command line's mirror of <see cref="IssuerServiceScript"/>. A fault whose option is not given is not there.</summary>
internal sealed class ScriptOptions
{
    private readonly OptionList _options = new();
    private readonly List<Func<ParseResult, Fault?>> _faults = [];
    private readonly Option<int> _seed;
    private readonly Option<bool> _firstAttemptOnly;

    public ScriptOptions()
    {
        _seed = _options.Add(new Option<int>("--seed") { Description = "Decides everything left to chance." });
        _firstAttemptOnly = _options.AddFlag("--first-attempt-only", "Only first attempts fail by chance.");

        // In the order in which a request meets them: refusals cost no latency, failures do.
        _faults.Add(LimiterOptions.AddRateLimit(_options));
        _faults.Add(LimiterOptions.AddConcurrencyLimit(_options));
        AddOutage();
        AddKnee();
        AddLatency();
        _faults.AddRange(ChosenIssuersOptions.AddTo(_options));
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

    public IEnumerable<Option> All => _options.All;

    public IssuerServiceScript ToScript(ParseResult arguments) => new()
    {
        TimeProvider = new PreciseClock(),
        Seed = arguments.GetValue(_seed),
        FaultsOnlyOnFirstAttempt = arguments.GetValue(_firstAttemptOnly),
        Faults = [.. _faults.Select(create => create(arguments)).OfType<Fault>()],
    };

    private void AddOutage()
    {
        Option<TimeSpan?> duration = _options.AddDuration("--outage-for", "Fails every request for this long, once.");
        Option<int?> afterRequests = _options.AddCount("--outage-after", "Requests let through before the outage.");
        Option<TimeSpan?> after = _options.AddDuration("--outage-from", "Time before the outage.");
        Option<int?> status = _options.AddCount("--outage-status", "Status during the outage [default: 503].");
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
        Option<int?> knee = _options.AddCount("--knee", "Requests in flight above which latency grows.");
        Option<TimeSpan?> step = _options.AddDuration("--knee-step", "Extra latency for each request above the knee [default: 10ms].");
        Option<int?> then = _options.AddCount("--knee-then", "Where the knee moves.");
        Option<TimeSpan?> after = _options.AddDuration("--knee-after", "When it does [default: 5s].");
        _faults.Add(arguments => arguments.GetValue(knee) is { } value
            ? Move(new KneeFault(value, arguments.GetValue(step) ?? TimeSpan.FromMilliseconds(10)), arguments.GetValue(then), arguments.GetValue(after))
            : null);

        static KneeFault Move(KneeFault fault, int? then, TimeSpan? after) =>
            then is { } knee ? fault.MovingTo(knee, after ?? TimeSpan.FromSeconds(5)) : fault;
    }

    private void AddLatency()
    {
        Option<TimeSpan?> median = _options.AddDuration("--latency", "Time to answer, such as 50ms.");
        Option<double> spread = _options.Add("--latency-spread", "sigma", "Makes the latency log-normal, such as 0.5.", Parsing.Number);
        _faults.Add(arguments => arguments.GetValue(median) is { } value
            ? new LatencyFault(value) { Spread = arguments.GetValue(spread) }
            : null);
    }

    private void AddUnavailable()
    {
        Option<TimeSpan?> retryAfter = _options.AddDuration("--retry-after", "The Retry-After of the 503s.");
        AddShare("--p503", "requests that get a 503", (share, arguments) => new StatusFault(503, share)
        {
            RetryAfter = arguments.GetValue(retryAfter),
        });
    }

    private void AddShare(string name, string victims, Func<double, Fault> create) =>
        AddShare(name, victims, (share, _) => create(share));

    private void AddShare(string name, string victims, Func<double, ParseResult, Fault> create)
    {
        Option<double> option = _options.Add(name, "share", $"The share, from 0 to 1, of {victims}.", Parsing.Share);
        _faults.Add(arguments => arguments.GetValue(option) is > 0 and var share ? create(share, arguments) : null);
    }
}
