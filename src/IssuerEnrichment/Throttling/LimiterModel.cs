using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>Models the limiter of a service, and determines what may be sent. Only <see cref="CountGood"/> and <see cref="Good"/> are thread-safe.</summary>
/// <param name="configuredRate">The configured rate in requests a second; null if there is none.</param>
/// <param name="minWait">The minimum wait after a throttled request while no rate is known.</param>
internal sealed class LimiterModel(double? configuredRate, TimeSpan minWait)
{
    /// <summary>The number of first requests that leave late, because code is compiled and connections are opened.</summary>
    public const int Cold = 2;

    // While nothing is limited, one in this many good answers is processed.
    private const int SampleSize = 64;

    // The uncertainty of when a request was sent if only the time of its answer is known, or if it was one of the first.
    private const long Blur = 100 * TimeSpan.TicksPerMillisecond;

    // Some requests answered between two throttled ones were already in flight at the first one. In less than the minimum time, most of them were.
    private const double SustainedShare = 0.7;
    private const long MinSustainedTime = 250 * TimeSpan.TicksPerMillisecond;

    // A service that throttles below this multiple of the rate that it states has another limit as well.
    private const double StatedShare = 1.02;

    private readonly LimiterEvidence _evidence = new();
    private readonly RateSearch _search = new();
    private readonly ConfiguredRate? _configured = configuredRate is { } rate ? new ConfiguredRate(rate) : null;
    private readonly OverloadEvidence _overloads = new();
    private readonly Spacing _spacing = new();
    private long _good;
    private long _counted;
    private long _grownAt;
    private long _openedAt;
    private long? _throttledAt;
    private long _goodWhenThrottled;
    private bool _isLimited;
    private bool _isTimed;
    private bool _isFirstThrottling = configuredRate is null;
    private ThrottledOpening? _opening;
    private TimeSpan? _requestedWait;

    public InFlightCap Cap { get; } = new();

    public QuotaHint Quota { get; } = new();

    /// <summary>The number of good answers so far.</summary>
    public long Good => Interlocked.Read(ref _good);

    /// <summary>The rate at which requests are spaced, in requests a second; null if they are not spaced.</summary>
    public double? PerSecond => _configured is { } known ? known.PerSecond : _search.PerSecond;

    /// <summary>Whether nothing limits requests.</summary>
    public bool IsFree => PerSecond is null && Cap.IsFree;

    /// <summary>Whether a limit of the service is known.</summary>
    public bool IsKnown => _configured is not null || !IsFree;

    /// <summary>The limit on requests in flight. Until a throttled request is explained, it is the number that was in flight with it.</summary>
    public int MaxInFlight => WaitsForAnswers ? 1
        : _opening is { HasBegun: true, OthersInFlight: { } others } ? Math.Max(1, Math.Min(others, Cap.Limit)) : Cap.Limit;

    // The wait that the next throttled request costs.
    private TimeSpan CostOfThrottling => _requestedWait ?? MinWait;

    private bool WaitsForAnswers => IsStrict && !_search.IsBeyond && _spacing.PaysToWait(PerSecond!.Value, _configured?.IsNarrow ?? true, CostOfThrottling);

    private bool IsNarrow => _configured is { } known ? known.IsAtMost : _search.IsNarrow;

    private bool IsStrict => PerSecond is not null && (_configured is not null || _search.IsNarrow);

    // An answer shows that its request has arrived, so a configured rate needs no margin for network delays. A rate that was found may be too high.
    private double? Pace => _configured is { } known && WaitsForAnswers ? known.Exact : PerSecond;

    /// <summary>When the next request may be sent.</summary>
    public long NextSlot => _spacing.Next(Pace);

    /// <summary>Counts a good answer. Returns true if it must be processed. Thread-safe.</summary>
    public bool CountGood() => Interlocked.Increment(ref _good) % SampleSize == 1;

    /// <summary>Notes that a request waits for the rate. The rate rises only while requests do.</summary>
    public void HoldBack() => _isLimited = true;

    /// <summary>Whether each request keeps its distance from the previous one, no matter how late that was.</summary>
    public bool KeepsDistance => PerSecond is { } rate && (IsNarrow || Spacing.IsStrict(rate));

    /// <summary>The minimum wait after a throttled request.</summary>
    public TimeSpan MinWait => PerSecond is { } rate && _spacing.Pause(rate) is var pause && pause < minWait.Ticks ? new TimeSpan(pause) : minWait;

    public void Take(long now) => _spacing.Take(Pace, IsNarrow, now);

    /// <summary>Notes that a request is sent. The next one keeps its distance from it.</summary>
    public void Restart(long now) => _spacing.Restart(now);

    /// <summary>Records an accepted request.</summary>
    public void RecordAccepted(GatePass pass, bool isCurrent, long now)
    {
        int count = (int)(Good - _counted);
        _counted += count;
        if (pass.SentAt is { } sentAt && !_isTimed)
        {
            _isTimed = true;
            _evidence.ShiftAccepted(now - sentAt);
        }

        if (pass.SentAt is { } at)
            _spacing.Answer(now - at, WaitsForAnswers ? Pace : null, now);
        if (count > 0)
            _evidence.RecordAccepted(pass.SentAt ?? now, count, BlurOf(pass));
        Cap.RecordAccepted(pass);
        if (isCurrent)
            Grow(now);
    }

    /// <summary>Records a throttled request, for which the gate closes.</summary>
    public void RecordThrottled(GatePass pass, TimeSpan wait, bool isRequested, long now)
    {
        _opening ??= new ThrottledOpening(_openedAt, PerSecond, wait, Sustained(now), now - _openedAt > _spacing.Shortest);
        _requestedWait = isRequested ? wait : null;
        _opening.Wait = wait;
        _opening.ThrottledSince = Math.Min(_opening.ThrottledSince, pass.SentAt ?? now);
        if (pass.OthersInFlight < (_opening.OthersInFlight ?? int.MaxValue))
            _opening.OthersInFlight = pass.OthersInFlight;
        _evidence.RecordThrottled(pass.SentAt ?? now, BlurOf(pass));
    }

    /// <summary>Counts an answer that says overloaded. Returns true if such answers correlate with load.</summary>
    /// <param name="isFirst">Whether no attempt for its issuer has failed before. Later failures may be caused by the issuer.</param>
    public bool IsOverload(bool isFirst) => _overloads.Add(Good, isFirst) || (_configured is null && _search.IsTrying);

    /// <summary>Lowers the rate slightly after an overload that does not correlate with load: requests may be too close together.</summary>
    public void Nudge(long now)
    {
        _configured?.RecordThrottled(_evidence, now);
        _search.Nudge();
    }

    /// <summary>Notes that the gate opens. Not all answers have arrived that explain the throttled request.</summary>
    public GateChange? Begin(long now)
    {
        if (_opening is not { HasBegun: false } opening)
            return null;
        if (_configured is not null)
            return Settle(now);
        opening.HasBegun = true;
        _openedAt = now;
        _search.Begin();
        _spacing.Restart(now);
        return null;
    }

    /// <summary>Explains the last throttled request, now that the service answers again.</summary>
    public GateChange? Settle(long now)
    {
        if (_opening is not { } opening)
            return null;
        if (!opening.HasBegun)
            _openedAt = now;
        _opening = null;
        _grownAt = now;
        _spacing.Restart(now);
        if (_configured is not null)
        {
            _configured.RecordThrottled(_evidence, now);
            return Changed(GateChangeKind.MarginGrown, "throttled at the configured rate: requests arrive too close together");
        }

        int first = _isFirstThrottling ? _evidence.CountAccepted(long.MinValue, now) : 0;
        _isFirstThrottling = false;
        bool wasCapped = !Cap.IsFree;
        if (Cap.RecordThrottled(opening.OthersInFlight, opening.IsLong, now))
        {
            if (opening.Rate is { } kept)
                _search.Keep(kept);
            return Changed(GateChangeKind.CapFound, $"throttled with {opening.OthersInFlight} others in flight, where almost no request was accepted");
        }

        RateBounds bounds = _evidence.Fit(opening.OpenedAt);
        if (Quota.PerSecond is { } stated && !(opening.Rate < StatedShare * stated))
        {
            _search.Believe(stated, bounds);
            return Changed(GateChangeKind.RateFound, "throttled; the service states its rate");
        }

        // The first requests of a process arrive at unknown times. Only those after a second wait give an upper bound of the rate.
        if (first > 0 && (_requestedWait is not null || opening.Wait <= minWait))
            bounds = bounds with { High = double.PositiveInfinity };
        bounds = bounds with { Floor = Math.Max(bounds.Floor, SustainedShare * opening.Sustained) };
        _search.Settle(bounds, new(opening.Rate, first, opening.Wait, Price: _requestedWait is null ? opening.Wait / 2 : opening.Wait));
        string sent = opening.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"throttled at {rate:0.#}/s with {opening.OthersInFlight} others in flight")
            : "throttled for the first time";
        string explained = bounds.IsExplained
            ? string.Create(CultureInfo.InvariantCulture, $"explained by {bounds.Low:0.#} to {bounds.High:0.#}/s, burst up to {bounds.Burst}")
            : "explained by no limiter";
        return Changed(wasCapped ? GateChangeKind.CapRefuted : GateChangeKind.RateFound, $"{sent}; {explained}");
    }

    /// <summary>Discards the throttled requests of an outage, because they say nothing about the limits of the service.</summary>
    public void DiscardThrottled()
    {
        if (_opening is not { } opening)
            return;
        _opening = null;
        _requestedWait = null;
        _overloads.Clear();
        _evidence.ForgetThrottled(opening.ThrottledSince);
        if (opening is { HasBegun: true, Rate: { } kept })
            _search.Keep(kept);
    }

    // A throttled request shows that the bucket is empty, so from then on it accepts no more than its rate.
    private double Sustained(long now)
    {
        double perSecond = _throttledAt is { } since && now - since > MinSustainedTime
            ? (Good - _goodWhenThrottled) / TimeSpan.FromTicks(now - since).TotalSeconds
            : 0;
        (_throttledAt, _goodWhenThrottled) = (now, Good);
        return perSecond;
    }

    private void Grow(long now)
    {
        double seconds = _isLimited || WaitsForAnswers ? Math.Min(1, TimeSpan.FromTicks(now - _grownAt).TotalSeconds) : 0;
        _isLimited = false;
        _grownAt = now;
        _configured?.RecordAccepted(_spacing, now);
        _search.Grow(seconds);
        if (_configured is null && WaitsForAnswers && _spacing.IsBeyondAnswers(PerSecond!.Value))
            _search.Pause(PerSecond.Value, CostOfThrottling);
        Cap.Grow(now);
    }

    // Until the first throttled request is explained, the times of requests are uncertain, too.
    private long BlurOf(GatePass pass) => pass.SentAt is null || _isFirstThrottling ? Blur : LimiterEvidence.Jitter;

    /// <summary>Reports that nothing limits requests any more.</summary>
    public GateChange LimitRemoved() => Changed(
        GateChangeKind.LimitGone,
        _configured is null
            ? "no request was throttled far above the rate that was found"
            : "no request was throttled for a while, so the configured rate is sufficient");

    public GateChange Changed(GateChangeKind kind, string reason) =>
        new(kind, reason) { PerSecond = PerSecond, MaxInFlight = Cap.IsFree ? null : Cap.Limit };
}
