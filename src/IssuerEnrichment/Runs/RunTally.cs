namespace IssuerEnrichment.Runs;

/// <summary>Counts the outcomes of one run. Not thread-safe, except for <see cref="Start"/>: only the code that enumerates the run uses it.</summary>
internal sealed class RunTally(TimeProvider timeProvider, int maxConcurrency, long? total)
{
    private const int MostAttempts = 10;
    private const int MostCauses = 100;

    private readonly long[] _byStatus = new long[Enum.GetValues<EnrichmentStatus>().Length];
    private readonly long[] _endedAtAttempt = new long[MostAttempts + 1];
    private readonly long[] _answeredAtAttempt = new long[MostAttempts + 1];
    private readonly SortedSet<string> _unknownSectors = new(StringComparer.Ordinal);
    private volatile bool _isStarted;
    private long _startedAt;
    private long? _endedAt;
    private long _lookups;
    private long _requests;
    private long _retries;
    private readonly Dictionary<string, long> _causes = [];
    private LookupTime _time;
    private TimeSpan _down;

    private TimeSpan Elapsed => _isStarted
        ? timeProvider.GetElapsedTime(_startedAt, _endedAt ?? timeProvider.GetTimestamp())
        : TimeSpan.Zero;

    private long Settled => _byStatus.Sum();

    /// <summary>Starts the clock, just before the first input is read. May be called on any thread.</summary>
    public void Start()
    {
        _startedAt = timeProvider.GetTimestamp();
        _isStarted = true;
    }

    public void Stop() => _endedAt = timeProvider.GetTimestamp();

    public void Add(EnrichmentOutcome outcome)
    {
        _byStatus[(int)outcome.Status]++;
        if (outcome.TypeDecision?.UnknownSector is { } sector)
            _unknownSectors.Add(sector);
        if (outcome is { Status: EnrichmentStatus.Failed or EnrichmentStatus.NotAttempted, Error: { } error })
            CountCause(error);
        if (outcome.IsShared)
            return;
        _time += outcome.Time;
        _down += outcome.Waits?.Down ?? TimeSpan.Zero;
        if (!outcome.WasAsked)
            return;

        _lookups++;
        _requests += outcome.Requests;
        _retries += outcome.Attempts - 1;
        int last = Math.Min(outcome.Attempts, MostAttempts);
        _endedAtAttempt[last]++;
        if (outcome.Source == EnrichmentSource.Service)
            _answeredAtAttempt[last]++;
    }

    public EnrichmentProgress ToProgress() => new(
        Settled,
        total,
        Count(EnrichmentStatus.Enriched),
        Count(EnrichmentStatus.Failed) + Count(EnrichmentStatus.Invalid) + Count(EnrichmentStatus.NotAttempted),
        Elapsed);

    /// <param name="inputs">Inputs read so far.</param>
    /// <param name="journaled">How long lookups kept their places until the journal had their verdicts.</param>
    public EnrichmentReport ToReport(long inputs, TimeSpan journaled)
    {
        RunLimit limit = FindLimit(journaled);
        EnrichmentReport report = new()
        {
            Inputs = inputs,
            Enriched = Count(EnrichmentStatus.Enriched),
            NotFound = Count(EnrichmentStatus.NotFound),
            Invalid = Count(EnrichmentStatus.Invalid),
            Failed = Count(EnrichmentStatus.Failed),
            NotAttempted = Count(EnrichmentStatus.NotAttempted),
            Lookups = _lookups,
            Requests = _requests,
            Retries = _retries,
            AttemptReturns = ListReturns(),
            Elapsed = Elapsed,
            SequentialEstimate = _time.OnTheWire + _time.Backoff,
            Time = _time,
            LimitedBy = limit,
            Advice = Advise(limit),
            UnknownMarketSectors = [.. _unknownSectors],
        };
        return report.NoneIsKnown
            ? report with { Advice = $"The service knows none of {report.NotFound} issuers: check its address and the format of the ids." }
            : report;
    }

    // A lookup that ended with its third attempt also made the first two.
    private AttemptReturn[] ListReturns()
    {
        int rows = Array.FindLastIndex(_endedAtAttempt, count => count > 0);
        return [.. Enumerable.Range(1, Math.Max(0, rows))
            .Select(attempt => new AttemptReturn(attempt, _endedAtAttempt[attempt..].Sum(), _answeredAtAttempt[attempt]))];
    }

    private long Count(EnrichmentStatus status) => _byStatus[(int)status];

    private RunLimit FindLimit(TimeSpan journaled)
    {
        TimeSpan throttled = _time.Gate - _down;
        (TimeSpan Time, RunLimit Limit)[] shares =
        [
            (_time.OnTheWire, IsFull(journaled) ? RunLimit.Concurrency : RunLimit.Service),
            (_time.Paced + throttled, RunLimit.Rate),
            (_time.Backoff, RunLimit.Retries),
            (_down, RunLimit.Outage),
        ];
        return shares.MaxBy(share => share.Time).Limit;
    }

    // Little's law: the average number of lookups in flight is their total time divided by the run's. The ramp-up and ramp-down keep even a
    // saturated run somewhat below its limit.
    private bool IsFull(TimeSpan journaled) => (_time.Total - _time.Queued + journaled) / 0.8 >= Elapsed * maxConcurrency && _lookups > maxConcurrency;

    // What kept most issuers from being enriched is more important than what would make the run faster.
    private string Advise(RunLimit limit)
    {
        long missing = Count(EnrichmentStatus.Failed) + Count(EnrichmentStatus.NotAttempted);
        return missing > 0 && missing * 2 >= Settled
            ? $"{missing} of {Settled} issuers are missing, most of them for one reason: {_causes.MaxBy(cause => cause.Value).Key}"
            : AdviseOnTime(limit);
    }

    // Messages may contain an id or a time. Beyond a maximum of distinct messages, they count as one.
    private void CountCause(EnrichmentError error)
    {
        string cause = _causes.Count < MostCauses || _causes.ContainsKey(error.Message) ? error.Message : "various errors.";
        _causes[cause] = _causes.GetValueOrDefault(cause) + 1;
    }

    private string AdviseOnTime(RunLimit limit) => limit switch
    {
        _ when _lookups == 0 => "The service was not asked at all.",
        RunLimit.Concurrency when maxConcurrency == 1 => "Lookups ran one at a time; a concurrent strategy would help.",
        RunLimit.Concurrency => $"All {maxConcurrency} places were in use nearly all the time; a higher MaxConcurrency would help, if the service can sustain it.",
        RunLimit.Rate => _time.Paced > _time.Gate
            ? "Lookups waited for the rate limit; a higher RateLimit would help, if the service allows it."
            : "The service throttled requests; only a higher quota there would help.",
        RunLimit.Retries => "Most of the time was spent waiting between attempts; investigate why the service fails.",
        RunLimit.Outage => "The service was down for most of the time.",
        _ => "The latency of the service determined the duration; a higher concurrency would not have helped.",
    };
}
